package io.millrace.sql.exec.hash;

import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.Deferred;
import io.millrace.sql.exec.Operator;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.exec.RowBuffer;
import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups rows in a hash table, or all into one when there are no group columns. */
public final class AggregateNode extends PlanNode {
  private final PlanNode input;
  private final int[] groups;
  private final AggregateSpec[] aggregates;
  private final String words;

  /** A grouping; delivers the group cells, then the aggregates. */
  public AggregateNode(PlanNode input, int[] groups, List<AggregateSpec> aggregates, String words) {
    super(groups.length + aggregates.size());
    this.input = input;
    this.groups = groups;
    this.aggregates = aggregates.toArray(new AggregateSpec[0]);
    this.words = words;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return words;
  }

  private record Group(@Nullable Object[] cells, Accumulator[] running) {}

  @Override
  protected Operator start(ExecContext ctx) {
    return new Deferred(() -> {
      try (var rows = input.open(ctx)) {
        var paged = PagedGrouping.of(rows, groups, aggregates, ctx);
        return RowBuffer.replay(
            paged == null ? results(collect(rows, ctx)) : pagedResults(paged.groups()), 0);
      }
    });
  }

  private Map<Object, Group> collect(Operator rows, ExecContext ctx) {
    var found = new HashMap<Object, Group>();
    Group only = null;
    if (groups.length == 0) {
      only = newGroup(new Object[0], ctx);
      found.put(SqlValues.NullKey.NULL, only);
    }
    for (var batch = rows.next(); batch != null; batch = rows.next()) {
      ctx.check();
      if (only != null) {
        addAll(only.running, batch, ctx);
        continue;
      }
      for (int i = 0; i < batch.count; i++) {
        var row = batch.rows[i];
        var key = key(row);
        var group = found.get(key);
        if (group == null) {
          group = newGroup(row, ctx);
          found.put(key, group);
        }
        for (var running : group.running) {
          running.add(row, ctx);
        }
      }
    }
    return found;
  }

  private static void addAll(Accumulator[] running, Batch batch, ExecContext ctx) {
    for (var each : running) {
      if (each.countsRows()) {
        each.addRows(batch.count);
        continue;
      }
      for (int i = 0; i < batch.count; i++) {
        each.add(batch.rows[i], ctx);
      }
    }
  }

  private Object key(@Nullable Object[] row) {
    if (groups.length == 1) {
      return SqlValues.key(row[groups[0]]);
    }
    var parts = new Object[groups.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = SqlValues.key(row[groups[i]]);
    }
    return new SqlValues.RowKey(parts);
  }

  private Group newGroup(@Nullable Object[] row, ExecContext ctx) {
    var cells = new @Nullable Object[groups.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = row[groups[i]];
    }
    ctx.reserve(160 + 80L * aggregates.length + SqlValues.rowBytes(cells, cells.length));
    var running = new Accumulator[aggregates.length];
    for (int i = 0; i < running.length; i++) {
      running[i] = new Accumulator(aggregates[i]);
    }
    return new Group(cells, running);
  }

  private List<@Nullable Object[]> pagedResults(List<PagedGrouping.Group> found) {
    var rows = new ArrayList<@Nullable Object[]>(found.size());
    for (var group : found) {
      var row = new @Nullable Object[width()];
      if (groups.length == 1) {
        row[0] = group.value();
      }
      for (int i = 0; i < aggregates.length; i++) {
        row[groups.length + i] = group.running()[i].result();
      }
      rows.add(row);
    }
    return rows;
  }

  private List<@Nullable Object[]> results(Map<Object, Group> found) {
    var rows = new ArrayList<@Nullable Object[]>(found.size());
    for (var group : found.values()) {
      var row = java.util.Arrays.copyOf(group.cells, width());
      for (int i = 0; i < group.running.length; i++) {
        row[groups.length + i] = group.running[i].result();
      }
      rows.add(row);
    }
    return rows;
  }
}
