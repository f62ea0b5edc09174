package io.millrace.sql.exec;

import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a physical plan. Immutable and shared by executions. */
public abstract class PlanNode {
  private final int width;

  /** A node that delivers rows of so many cells. */
  protected PlanNode(int width) {
    this.width = width;
  }

  /** Number of cells of a row. */
  public final int width() {
    return width;
  }

  /** Where the rows come from. */
  public List<PlanNode> inputs() {
    return List.of();
  }

  /** What the node does, in plain words. */
  public abstract String describe();

  /** Starts the node for one execution. */
  protected abstract Operator start(ExecContext ctx);

  /** Opens the node; counts its work when the execution is profiled. */
  public final Operator open(ExecContext ctx) {
    var profile = ctx.profile();
    if (profile == null) {
      return start(ctx);
    }
    var counters = profile.of(this);
    var begin = System.nanoTime();
    var inner = start(ctx);
    counters.open(System.nanoTime() - begin);
    return new Operator() {
      @Override
      public @Nullable Batch next() {
        var from = System.nanoTime();
        var batch = inner.next();
        counters.add(batch == null ? 0 : batch.count, System.nanoTime() - from);
        return batch;
      }

      @Override
      public void close() {
        inner.close();
      }
    };
  }

  /** Number of nodes in the tree that run outside our own operators. */
  public int fallbacks() {
    return inputs().stream().mapToInt(PlanNode::fallbacks).sum();
  }
}
