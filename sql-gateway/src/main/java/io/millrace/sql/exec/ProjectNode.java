package io.millrace.sql.exec;

import io.millrace.sql.expr.Expr;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes new rows. */
public final class ProjectNode extends PlanNode {
  private final PlanNode input;
  private final Expr[] expressions;
  private final String words;

  /** A projection. */
  public ProjectNode(PlanNode input, List<Expr> expressions, String words) {
    super(expressions.size());
    this.input = input;
    this.expressions = expressions.toArray(new Expr[0]);
    this.words = words;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Compute " + words;
  }

  @Override
  protected Operator start(ExecContext ctx) {
    var rows = input.open(ctx);
    return new Operator() {
      private @Nullable Batch out;

      @Override
      public @Nullable Batch next() {
        var batch = rows.next();
        if (batch == null) {
          return null;
        }
        var target = out;
        if (target == null || target.rows.length < batch.count) {
          target = new Batch(new Object[Math.max(4, batch.rows.length)][expressions.length], 0);
          out = target;
        }
        for (int i = 0; i < batch.count; i++) {
          var from = batch.rows[i];
          var to = target.rows[i];
          for (int j = 0; j < expressions.length; j++) {
            to[j] = expressions[j].eval(from, ctx);
          }
        }
        target.count = batch.count;
        return target;
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }
}
