package io.millrace.engine.table;

import java.util.List;

/** A table of the SQL door. Rows come in batches from {@link #scan}. */
public interface Table {
  /** SQL schema: the module name, {@code redis} or {@code sys}. */
  String schema();

  /** Table name, lower case. */
  String name();

  /** Columns in order. */
  List<Column> columns();

  /**
   * Indexes of the columns that together identify a row, in storage order; empty when rows have no
   * key. Rows of one task come ordered by these when {@link #ordered} is true.
   */
  List<Integer> key();

  /** True when {@link #scan} delivers rows of one task in ascending key order. */
  boolean ordered();

  /** Estimated number of rows at the cut, exact where cheap. */
  long rowCount(Snapshot snapshot);

  /**
   * Opens a scan.
   *
   * @param request what to read; the table may deliver more rows than the key bounds ask for (the
   *     caller filters again), never fewer
   */
  RowCursor scan(Snapshot snapshot, ScanRequest request);

  /**
   * True when a scan whose bounds name one whole key reads a few entries of that key's task and no
   * more. Such a scan may be given the live entries in place of a cut: the lock is then held from
   * the opening of the scan to its end, and a missing entry throws {@link
   * io.millrace.engine.state.NotResidentException}.
   */
  default boolean readsKeysLive() {
    return false;
  }

  /**
   * Checks rows and makes them ready when the table is a depot ({@code INSERT INTO}); nothing is
   * appended. Every check of form is made here, by the code that makes the events.
   *
   * @throws UnsupportedOperationException when the table is derived state, with a hint for the user
   * @throws IllegalArgumentException when a row is no event of the depot
   */
  default PreparedRows prepare(List<Object[]> rows) {
    throw new UnsupportedOperationException(
        schema() + "." + name() + " is derived state; append an event to its depot instead");
  }

  /** Appends, in order, what {@link #prepare} of this table has made. */
  default void append(List<? extends PreparedRows> prepared) {
    throw new UnsupportedOperationException(
        schema() + "." + name() + " is derived state; append an event to its depot instead");
  }

  /** True when {@link #prepare} and {@link #append} work. */
  default boolean appendable() {
    return false;
  }
}
