package io.millrace.sql.exec;

import io.millrace.engine.table.Table;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan node whose rows are to be appended to a table. */
public interface Appending {
  /** Where the rows go. */
  Table table();

  /** All rows to append. */
  List<@Nullable Object[]> rows(ExecContext ctx);
}
