package io.millrace.engine.table;

/**
 * Goes over the rows of one task page by page, in ascending key order. Single-threaded; different
 * cursors, over different tasks or the same, may run at the same time on different threads.
 *
 * <pre>{@code
 * try (var pages = table.pages(snapshot, task, null, null)) {
 *   var row = pages.row();
 *   while (pages.next()) {
 *     for (int i = 0; i < pages.rows(); i++) {
 *       pages.at(i);
 *       if (!row.isNull(AGE) && row.getLong(AGE) > 30) {
 *         out.add(row.get(NAME));
 *       }
 *     }
 *   }
 * }
 * }</pre>
 */
public interface PageCursor extends AutoCloseable {
  /** Goes to the next page; false at the end. Pages are never empty. */
  boolean next();

  /** Number of rows of the page. */
  int rows();

  /** Moves the reader to a row of the page, 0 to {@link #rows} - 1, in any order. */
  void at(int row);

  /** The reader; the same object for the whole life of the cursor. */
  RowReader row();

  @Override
  void close();
}
