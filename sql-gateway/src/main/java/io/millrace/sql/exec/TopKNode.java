package io.millrace.sql.exec;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.ExprCompiler;
import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The first rows of an order, held in a bounded heap. Equal rows keep the order they came in. */
public final class TopKNode extends PlanNode {
  private static final int SORT_BEYOND = 1_000_000;

  private final PlanNode input;
  private final Ordering ordering;
  private final @Nullable Expr offset;
  private final Expr fetch;
  private final String words;

  /** A bounded sort. */
  public TopKNode(
      PlanNode input, Ordering ordering, @Nullable Expr offset, Expr fetch, String words) {
    super(input.width());
    this.input = input;
    this.ordering = ordering;
    this.offset = offset;
    this.fetch = fetch;
    this.words = words;
  }

  /** A row count given by the user: not null, not negative. */
  static long count(@Nullable Expr expr, ExecContext ctx, String clause, long absent) {
    var value = expr == null ? null : ExprCompiler.constant(expr, ctx);
    if (value == null) {
      return absent;
    }
    var count = ((Number) value).longValue();
    if (count < 0) {
      throw new SqlProblem("2201W", clause + " must not be negative");
    }
    return count;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Top rows by " + words;
  }

  @Override
  protected Operator start(ExecContext ctx) {
    var skip = count(offset, ctx, "OFFSET", 0);
    var take = count(fetch, ctx, "LIMIT", Long.MAX_VALUE);
    if (take == 0) {
      return RowBuffer.replay(List.of(), 0);
    }
    var wanted = skip + take < 0 ? Long.MAX_VALUE : skip + take;
    return new Deferred(() -> collect(ctx, skip, wanted));
  }

  private Operator collect(ExecContext ctx, long skip, long wanted) {
    try (var rows = input.open(ctx)) {
      if (wanted > SORT_BEYOND) {
        var all = new RowBuffer(width(), ctx).addAll(rows).rows();
        all.sort(ordering);
        return RowBuffer.replay(all.subList(0, (int) Math.min(all.size(), wanted)), skip);
      }
      return RowBuffer.replay(best(ctx, rows, (int) wanted), skip);
    }
  }

  private record Held(@Nullable Object[] row, long arrival) {}

  private List<@Nullable Object[]> best(ExecContext ctx, Operator rows, int wanted) {
    var heap =
        new PriorityQueue<Held>(
            Math.min(wanted, 4096) + 1,
            (a, b) -> {
              var order = ordering.compare(b.row, a.row);
              return order != 0 ? order : Long.compare(b.arrival, a.arrival);
            });
    long arrival = 0;
    var narrowable = rows instanceof Narrowable scan ? scan : null;
    for (var batch = rows.next(); batch != null; batch = rows.next()) {
      ctx.check();
      for (int i = 0; i < batch.count; i++) {
        var row = batch.rows[i];
        if (heap.size() < wanted) {
          var copy = Arrays.copyOf(row, width());
          ctx.reserve(SqlValues.rowBytes(copy, width()));
          heap.add(new Held(copy, arrival++));
        } else if (ordering.compare(row, heap.element().row) < 0) {
          var reused = heap.remove().row;
          System.arraycopy(row, 0, reused, 0, width());
          heap.add(new Held(reused, arrival++));
        }
      }
      if (narrowable != null && heap.size() == wanted) {
        ordering.limit(narrowable, heap.element().row);
      }
    }
    var sorted = new ArrayList<@Nullable Object[]>(heap.size());
    while (!heap.isEmpty()) {
      sorted.add(heap.remove().row);
    }
    java.util.Collections.reverse(sorted);
    return sorted;
  }
}
