package io.millrace.sql.exec.hash;

import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows kept in memory column by column, whole numbers unboxed, paid from the statement's budget.
 * Hundreds of thousands of small objects that live for a statement are what a collection has to
 * copy, and every door waits for it.
 */
final class ColumnRows {
  private static final int INITIAL = 256;
  private static final int ACCOUNT_STEP = 64 << 10;

  /** What finding a row by its key takes, roughly. */
  private static final int INDEX_BYTES = 64;

  private final Cells[] columns;
  private final ExecContext ctx;
  private int count;
  private long unpaid;

  ColumnRows(int width, ExecContext ctx) {
    this.ctx = ctx;
    columns = new Cells[width];
    for (int i = 0; i < width; i++) {
      columns[i] = new Cells();
    }
  }

  /** Keeps a copy of a row and returns its number. */
  int add(@Nullable Object[] row) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].add(count, row[i]);
    }
    unpaid += SqlValues.rowBytes(row, columns.length) + INDEX_BYTES;
    if (unpaid > ACCOUNT_STEP) {
      ctx.reserve(unpaid);
      unpaid = 0;
    }
    return count++;
  }

  int count() {
    return count;
  }

  /** Writes the cells of a row from a place on. */
  void read(int row, @Nullable Object[] target, int at) {
    for (int i = 0; i < columns.length; i++) {
      target[at + i] = columns[i].get(row);
    }
  }

  /** The cells of one column: whole numbers as long as all are of one type, otherwise objects. */
  private static final class Cells {
    private @Nullable Class<?> type;
    private long[] whole = new long[0];
    private @Nullable Object[] objects = new Object[0];
    private long[] nulls = new long[0];

    void add(int row, @Nullable Object value) {
      if (value == null) {
        setNull(row);
        return;
      }
      if (type == null) {
        type = value instanceof Long || value instanceof Integer ? value.getClass() : Object.class;
      } else if (type != Object.class && type != value.getClass()) {
        toObjects(row);
      }
      if (type == Object.class) {
        if (row >= objects.length) {
          objects = Arrays.copyOf(objects, larger(objects.length, row));
        }
        objects[row] = value;
      } else {
        if (row >= whole.length) {
          whole = Arrays.copyOf(whole, larger(whole.length, row));
        }
        whole[row] = ((Number) value).longValue();
      }
    }

    private static int larger(int length, int row) {
      return Math.max(INITIAL, Math.max(row + 1, length * 2));
    }

    private void setNull(int row) {
      var word = row >> 6;
      if (word >= nulls.length) {
        nulls = Arrays.copyOf(nulls, Math.max(word + 1, nulls.length * 2));
      }
      nulls[word] |= 1L << row;
    }

    private boolean isNull(int row) {
      var word = row >> 6;
      return word < nulls.length && (nulls[word] & 1L << row) != 0;
    }

    private void toObjects(int rows) {
      var boxed = new @Nullable Object[Math.max(INITIAL, rows * 2)];
      for (int i = 0; i < rows; i++) {
        boxed[i] = get(i);
      }
      objects = boxed;
      whole = new long[0];
      type = Object.class;
    }

    @Nullable Object get(int row) {
      if (isNull(row)) {
        return null;
      }
      if (type == Object.class) {
        return objects[row];
      }
      return type == Integer.class ? (Object) (int) whole[row] : (Object) whole[row];
    }
  }
}
