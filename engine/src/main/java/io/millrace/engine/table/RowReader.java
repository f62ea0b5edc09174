package io.millrace.engine.table;

import org.jspecify.annotations.Nullable;

/**
 * Reads single columns of one encoded row, without decoding the others. A {@link PageCursor} moves
 * it from row to row; what it returns as bytes holds until the cursor moves to another page.
 *
 * <p>The typed methods ask for a column of that type that is not null; anything else is undefined.
 * Columns are numbered as in {@link Table#columns}.
 */
public abstract class RowReader {
  /** Creates a reader. */
  protected RowReader() {}

  /** True when the column is null. */
  public abstract boolean isNull(int column);

  /** A column of type LONG, INT or TIMESTAMP (ms since the epoch). */
  public abstract long getLong(int column);

  /** A column of type DOUBLE. */
  public abstract double getDouble(int column);

  /** A column of type BOOLEAN. */
  public abstract boolean getBoolean(int column);

  /** A column of type TEXT (as UTF-8) or BYTES, or of type JSON (as text). */
  public abstract void getBytes(int column, ByteSlice out);

  /** A column in the Java carrier of its {@link ColumnType}, or null. */
  public abstract @Nullable Object get(int column);
}
