package io.millrace.sql.exec;

import io.millrace.sql.expr.Expr;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the rows for which a condition holds. */
public final class FilterNode extends PlanNode {
  private final PlanNode input;
  private final Expr condition;
  private final String words;

  /** A filter. */
  public FilterNode(PlanNode input, Expr condition, String words) {
    super(input.width());
    this.input = input;
    this.condition = condition;
    this.words = words;
  }

  /** Moves the rows that match to the front of the batch. */
  public static void keep(Batch batch, Expr condition, ExecContext ctx) {
    var rows = batch.rows;
    int kept = 0;
    var before = ctx.scratch();
    for (int i = 0; i < batch.count; i++) {
      var row = rows[i];
      if (condition.test(row, ctx)) {
        rows[i] = rows[kept];
        rows[kept++] = row;
      }
      ctx.dropScratch(ctx.scratch() - before);
    }
    batch.count = kept;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Filter " + words;
  }

  @Override
  protected Operator start(ExecContext ctx) {
    var rows = input.open(ctx);
    return new Operator() {
      @Override
      public @Nullable Batch next() {
        for (var batch = rows.next(); batch != null; batch = rows.next()) {
          keep(batch, condition, ctx);
          if (batch.count > 0) {
            return batch;
          }
        }
        return null;
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }
}
