package io.millrace.sql.exec;

import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows kept in memory, paid from the statement's budget. */
public final class RowBuffer {
  private static final int ACCOUNT_STEP = 64 << 10;

  private final int width;
  private final ExecContext ctx;
  private final List<@Nullable Object[]> rows = new ArrayList<>();
  private long unpaid;

  RowBuffer(int width, ExecContext ctx) {
    this.width = width;
    this.ctx = ctx;
  }

  List<@Nullable Object[]> rows() {
    return rows;
  }

  /** Reads an operator to its end. */
  RowBuffer addAll(Operator from) {
    for (var batch = from.next(); batch != null; batch = from.next()) {
      ctx.check();
      for (int i = 0; i < batch.count; i++) {
        add(batch.rows[i]);
      }
    }
    return this;
  }

  /** Keeps a copy of a row. */
  @Nullable Object[] add(@Nullable Object[] row) {
    var copy = Arrays.copyOf(row, width);
    pay(SqlValues.rowBytes(copy, width));
    rows.add(copy);
    return copy;
  }

  /** Accounts for memory beside the rows. */
  void pay(long bytes) {
    unpaid += bytes;
    if (unpaid > ACCOUNT_STEP) {
      ctx.reserve(unpaid);
      unpaid = 0;
    }
  }

  /** The rows from an index on, batch by batch; close does nothing. */
  public static Operator replay(List<@Nullable Object[]> rows, long from) {
    return new Operator() {
      private final Batch batch = new Batch(new Object[Batch.CAPACITY][], 0);
      private int next = (int) Math.min(from, rows.size());

      @Override
      public @Nullable Batch next() {
        int count = 0;
        while (count < Batch.CAPACITY && next < rows.size()) {
          batch.rows[count++] = rows.get(next++);
        }
        batch.count = count;
        return count == 0 ? null : batch;
      }

      @Override
      public void close() {}
    };
  }
}
