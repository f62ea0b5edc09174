package io.millrace.engine.table;

/**
 * Rows that a table has checked and made ready to be appended: what can be wrong with them by
 * themselves has been found. Only the table that made them can append them.
 */
public interface PreparedRows {
  /** Number of rows. */
  int size();
}
