package io.millrace.sql.exec;

import io.millrace.sql.expr.SqlValues;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Order of rows by some of their cells. */
public final class Ordering implements Comparator<@Nullable Object[]> {
  private final int[] columns;
  private final boolean[] descending;
  private final boolean[] nullsFirst;

  /** An ordering. */
  public Ordering(int[] columns, boolean[] descending, boolean[] nullsFirst) {
    this.columns = columns;
    this.descending = descending;
    this.nullsFirst = nullsFirst;
  }

  /** Tells a scan that rows behind this one need not come any more. */
  void limit(Narrowable scan, @Nullable Object[] worst) {
    var value = worst[columns[0]];
    if (value != null) {
      scan.threshold(columns[0], value, descending[0]);
    }
  }

  @Override
  public int compare(@Nullable Object[] a, @Nullable Object[] b) {
    for (int i = 0; i < columns.length; i++) {
      var x = a[columns[i]];
      var y = b[columns[i]];
      int order;
      if (x == null || y == null) {
        order = x == y ? 0 : (x == null) == nullsFirst[i] ? -1 : 1;
      } else {
        order = descending[i] ? SqlValues.compare(y, x) : SqlValues.compare(x, y);
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
