package io.millrace.sql.exec;

import io.millrace.sql.expr.Expr;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Skips rows and ends early. */
public final class LimitNode extends PlanNode {
  private final PlanNode input;
  private final @Nullable Expr offset;
  private final @Nullable Expr fetch;

  /** A limit. */
  public LimitNode(PlanNode input, @Nullable Expr offset, @Nullable Expr fetch) {
    super(input.width());
    this.input = input;
    this.offset = offset;
    this.fetch = fetch;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return offset == null ? "Limit" : fetch == null ? "Offset" : "Limit with offset";
  }

  @Override
  protected Operator start(ExecContext ctx) {
    var rows = input.open(ctx);
    return new Operator() {
      private long skip = TopKNode.count(offset, ctx, "OFFSET", 0);
      private long left = TopKNode.count(fetch, ctx, "LIMIT", Long.MAX_VALUE);

      @Override
      public @Nullable Batch next() {
        if (skip > 0 && rows instanceof Skippable ahead) {
          skip -= ahead.skip(skip);
        }
        while (left > 0) {
          var batch = rows.next();
          if (batch == null) {
            return null;
          }
          if (skip >= batch.count) {
            skip -= batch.count;
            continue;
          }
          if (skip > 0) {
            rotate(batch, (int) skip);
            skip = 0;
          }
          batch.count = (int) Math.min(batch.count, left);
          left -= batch.count;
          return batch;
        }
        return null;
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }

  /** Drops the first rows; their arrays stay in the batch, behind the others. */
  private static void rotate(Batch batch, int skip) {
    for (int i = skip; i < batch.count; i++) {
      var moved = batch.rows[i - skip];
      batch.rows[i - skip] = batch.rows[i];
      batch.rows[i] = moved;
    }
    batch.count -= skip;
  }
}
