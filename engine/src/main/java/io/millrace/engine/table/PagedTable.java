package io.millrace.engine.table;

import org.jspecify.annotations.Nullable;

/**
 * A table whose rows can be read in their encoded form, page by page: filters look at the columns
 * they need, and only rows that pass are decoded. Work is divided by task: open one {@link
 * PageCursor} per task, on as many threads as wanted.
 */
public interface PagedTable extends Table {
  /**
   * Rows of one task at the cut, in ascending order of the key columns.
   *
   * @param keyLow lower bounds of a prefix of the key columns, inclusive, or null; Java carriers of
   *     {@link ColumnType}
   * @param keyHigh upper bounds of a prefix of the key columns, inclusive, or null. Bounds are
   *     compared as a composite: {@code keyLow = {1, "a"}} is {@code (k1, k2) >= (1, "a")}. Rows
   *     outside of the bounds may be delivered too, never fewer
   */
  PageCursor pages(
      Snapshot snapshot, int task, Object @Nullable [] keyLow, Object @Nullable [] keyHigh);

  /**
   * The only task that can hold rows within the bounds, or -1 when any can. A key get reads this
   * task alone.
   */
  int task(Snapshot snapshot, Object @Nullable [] keyLow, Object @Nullable [] keyHigh);
}
