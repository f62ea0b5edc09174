package io.millrace.sql.exec.scan;

import io.millrace.engine.table.RowReader;

/** A condition on one encoded row, with its constants at hand. */
@FunctionalInterface
interface RowTest {
  /** True when the row passes. */
  boolean test(RowReader row);
}
