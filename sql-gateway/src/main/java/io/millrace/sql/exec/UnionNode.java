package io.millrace.sql.exec;

import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rows of several inputs, one after the other. */
public final class UnionNode extends PlanNode {
  private final List<PlanNode> inputs;

  /** A union of inputs of one width. */
  public UnionNode(List<PlanNode> inputs) {
    super(inputs.getFirst().width());
    this.inputs = List.copyOf(inputs);
  }

  @Override
  public List<PlanNode> inputs() {
    return inputs;
  }

  @Override
  public String describe() {
    return "Append " + inputs.size() + " inputs";
  }

  @Override
  protected Operator start(ExecContext ctx) {
    return new Operator() {
      private int next;
      private @Nullable Operator current;

      @Override
      public @Nullable Batch next() {
        while (true) {
          if (current == null) {
            if (next == inputs.size()) {
              return null;
            }
            current = inputs.get(next++).open(ctx);
          }
          var batch = current.next();
          if (batch != null) {
            return batch;
          }
          close();
        }
      }

      @Override
      public void close() {
        if (current != null) {
          current.close();
          current = null;
        }
      }
    };
  }
}
