package io.millrace.sql.exec;

import io.millrace.sql.expr.Expr;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes new rows. */
public final class ProjectNode extends PlanNode {
  /** A batch ends early when so much of large texts has been made for it. */
  private static final long LARGE_BATCH = 4 << 20;

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
      private @Nullable Batch in;
      private int at;
      private long made;

      @Override
      public @Nullable Batch next() {
        ctx.dropScratch(made);
        made = 0;
        var batch = in;
        if (batch == null || at >= batch.count) {
          batch = rows.next();
          in = batch;
          at = 0;
        }
        if (batch == null) {
          return null;
        }
        var target = out;
        if (target == null || target.rows.length < batch.count) {
          target = new Batch(new Object[Math.max(4, batch.rows.length)][expressions.length], 0);
          out = target;
        }
        int count = 0;
        var before = ctx.scratch();
        while (at < batch.count && made < LARGE_BATCH) {
          var from = batch.rows[at++];
          var to = target.rows[count++];
          for (int j = 0; j < expressions.length; j++) {
            to[j] = expressions[j].eval(from, ctx);
          }
          made = ctx.scratch() - before;
        }
        target.count = count;
        return target;
      }

      @Override
      public void close() {
        ctx.dropScratch(made);
        made = 0;
        rows.close();
      }
    };
  }
}
