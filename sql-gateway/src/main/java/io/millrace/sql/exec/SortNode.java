package io.millrace.sql.exec;

import io.millrace.sql.run.ExecContext;
import java.util.List;

/** Sorts all rows in memory. */
public final class SortNode extends PlanNode {
  private final PlanNode input;
  private final Ordering ordering;
  private final String words;

  /** A sort. */
  public SortNode(PlanNode input, Ordering ordering, String words) {
    super(input.width());
    this.input = input;
    this.ordering = ordering;
    this.words = words;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Sort by " + words;
  }

  @Override
  protected Operator start(ExecContext ctx) {
    return new Deferred(() -> {
      try (var rows = input.open(ctx)) {
        var all = new RowBuffer(width(), ctx).addAll(rows).rows();
        all.sort(ordering);
        return RowBuffer.replay(all, 0);
      }
    });
  }
}
