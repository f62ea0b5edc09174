package io.millrace.sql.exec;

import java.util.function.LongPredicate;

/** An operator that can be told while it runs which of its rows need not come any more. */
public interface Narrowable {
  /** From now on rows whose cell lies strictly behind a value need not be delivered. */
  void threshold(int cell, Object worst, boolean descending);

  /** From now on only rows whose whole-number cell a filter lets pass need be delivered. */
  void only(int cell, LongPredicate keys);
}
