package io.millrace.engine.table;

/** Delivers rows in batches; single-threaded. */
public interface RowCursor extends AutoCloseable {
  /**
   * Fills the batch from its start.
   *
   * @param batch rows; {@code batch[i]} is reused and has one cell per wanted column, Java carriers
   *     of {@link ColumnType}
   * @return number of rows filled, 0 at the end
   */
  int next(Object[][] batch);

  /** True when {@link #next} also keeps row order across tasks (a single ordered stream). */
  default boolean ordered() {
    return false;
  }

  @Override
  void close();
}
