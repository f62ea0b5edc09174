package io.millrace.sql.exec;

import io.millrace.sql.run.ExecContext;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rel.core.JoinRelType;
import org.jspecify.annotations.Nullable;

/** Runs the right input anew for each left row. */
public final class CorrelateNode extends PlanNode {
  private final PlanNode left;
  private final PlanNode right;
  private final int id;
  private final JoinRelType type;

  /** A correlated join of kind inner, left, semi or anti. */
  public CorrelateNode(PlanNode left, PlanNode right, int id, JoinRelType type) {
    super(left.width() + (type.projectsRight() ? right.width() : 0));
    this.left = left;
    this.right = right;
    this.id = id;
    this.type = type;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(left, right);
  }

  @Override
  public String describe() {
    return "For each row of the first input, run the second (" + type.lowerName + ")";
  }

  @Override
  protected Operator start(ExecContext ctx) {
    return new Deferred(() -> {
      var result = new RowBuffer(width(), ctx);
      try (var outer = left.open(ctx)) {
        for (var batch = outer.next(); batch != null; batch = outer.next()) {
          for (int i = 0; i < batch.count; i++) {
            ctx.check();
            pair(batch.rows[i], result, ctx);
          }
        }
      }
      return RowBuffer.replay(result.rows(), 0);
    });
  }

  private void pair(@Nullable Object[] row, RowBuffer result, ExecContext ctx) {
    var kept = Arrays.copyOf(row, left.width());
    ctx.correlation(id, kept);
    var matched = false;
    try (var inner = right.open(ctx)) {
      for (var part = inner.next(); part != null; part = inner.next()) {
        matched = true;
        if (!type.projectsRight()) {
          break;
        }
        for (int i = 0; i < part.count; i++) {
          var joined = Arrays.copyOf(kept, width());
          System.arraycopy(part.rows[i], 0, joined, left.width(), right.width());
          result.add(joined);
        }
      }
    }
    if (matched ? type == JoinRelType.SEMI : type == JoinRelType.LEFT || type == JoinRelType.ANTI) {
      result.add(Arrays.copyOf(kept, width()));
    }
  }
}
