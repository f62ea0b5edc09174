package io.millrace.sql.exec;

import org.jspecify.annotations.Nullable;

/**
 * Up to {@link #CAPACITY} rows. A batch belongs to the operator that returns it and is valid until
 * that operator is asked again; the receiver may reorder the row references and cut the count, and
 * copies what it keeps.
 */
public final class Batch {
  /** Rows per batch. */
  public static final int CAPACITY = 1024;

  /** The rows; each may be wider than the node's width. */
  public final @Nullable Object[][] rows;

  /** Number of valid rows. */
  public int count;

  /** A batch with rows of its own. */
  public Batch(int width) {
    rows = new Object[CAPACITY][width];
  }

  /** A batch around rows. */
  public Batch(@Nullable Object[][] rows, int count) {
    this.rows = rows;
    this.count = count;
  }
}
