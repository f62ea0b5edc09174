package io.millrace.sql.exec.hash;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.RowReader;
import io.millrace.sql.exec.EncodedRows;
import io.millrace.sql.exec.Operator;
import io.millrace.sql.exec.hash.AggregateSpec.Kind;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Groups the rows of a paged table where they lie: by one text or whole-number column, or all into
 * one. Numbers are added without being boxed, and nothing is decoded but the group's own value.
 */
@HotPath(benchmark = "PageScanBenchmark")
final class PagedGrouping implements EncodedRows.Visitor {
  private final EncodedRows scan;
  private final AggregateSpec[] aggregates;
  private final ColumnType[] types;
  private final int[] columns;
  private final int group;
  private final int groupColumn;
  private final ColumnType groupType;
  private final ExecContext ctx;
  private final ByteSlice slice = new ByteSlice();
  private final BytesTable<Group> byText = new BytesTable<>();
  private final Supplier<Group> newText = this::makeText;
  private final LongTable<Group> byNumber = new LongTable<>();
  private @Nullable Group byNull;

  /** A group and what has been added up for it. */
  record Group(@Nullable Object value, Accumulator[] running) {}

  private PagedGrouping(EncodedRows scan, int group, AggregateSpec[] aggregates, ExecContext ctx) {
    this.scan = scan;
    this.group = group;
    groupColumn = group < 0 ? -1 : scan.column(group);
    groupType = group < 0 ? ColumnType.LONG : scan.type(group);
    this.aggregates = aggregates;
    this.ctx = ctx;
    columns = new int[aggregates.length];
    types = new ColumnType[aggregates.length];
    for (int i = 0; i < columns.length; i++) {
      var argument = aggregates[i].argument();
      columns[i] = argument < 0 ? -1 : scan.column(argument);
      types[i] = argument < 0 ? ColumnType.LONG : scan.type(argument);
    }
  }

  /** The grouping of a scan, or null when it has to be done on decoded rows. */
  static @Nullable PagedGrouping of(
      Operator rows, int[] groups, AggregateSpec[] aggregates, ExecContext ctx) {
    if (!(rows instanceof EncodedRows scan) || !scan.judgesEncoded() || groups.length > 1) {
      return null;
    }
    var counting = groups.length == 0;
    for (var each : aggregates) {
      counting &= each.argument() < 0 && each.filter() < 0;
      if (each.distinct()
          || each.filter() >= 0
          || each.kind() == Kind.STRING_AGG
          || each.kind() == Kind.SINGLE_VALUE) {
        return null;
      }
    }
    if (counting) {
      return null;
    }
    if (groups.length == 1) {
      switch (scan.type(groups[0])) {
        case TEXT, LONG, INT, TIMESTAMP -> {}
        default -> {
          return null;
        }
      }
    }
    return new PagedGrouping(scan, groups.length == 0 ? -1 : groups[0], aggregates, ctx);
  }

  /** Reads everything and hands the groups out. */
  List<Group> groups() {
    var found = new java.util.ArrayList<Group>();
    if (group < 0) {
      byNull = make(null);
    }
    scan.visit(this);
    if (byNull != null) {
      found.add(byNull);
    }
    byText.values().forEach(found::add);
    found.addAll(byNumber.values());
    return found;
  }

  @Override
  public void row(RowReader row) {
    var running = (group < 0 ? only() : groupOf(row)).running;
    for (int i = 0; i < running.length; i++) {
      var column = columns[i];
      if (column < 0) {
        running[i].addRows(1);
      } else if (!row.isNull(column)) {
        add(running[i], row, i);
      }
    }
  }

  private Group makeText() {
    return make(slice.text());
  }

  private Group only() {
    return java.util.Objects.requireNonNull(byNull);
  }

  private Group groupOf(RowReader row) {
    var column = groupColumn;
    if (row.isNull(column)) {
      var present = byNull;
      if (present == null) {
        present = make(null);
        byNull = present;
      }
      return present;
    }
    if (groupType == ColumnType.TEXT) {
      row.getBytes(column, slice);
      return byText.get(slice, newText);
    }
    var number = row.getLong(column);
    var present = byNumber.get(number);
    if (present == null) {
      present = make(groupType == ColumnType.INT ? (Object) (int) number : (Object) number);
      byNumber.add(number, present);
    }
    return present;
  }

  private Group make(@Nullable Object value) {
    ctx.reserve(256 + 80L * aggregates.length + (value instanceof String text ? text.length() : 0));
    var running = new Accumulator[aggregates.length];
    for (int i = 0; i < running.length; i++) {
      running[i] = new Accumulator(aggregates[i]);
    }
    return new Group(value, running);
  }

  private void add(Accumulator running, RowReader row, int at) {
    switch (aggregates[at].kind()) {
      case COUNT -> running.addRows(1);
      case SUM, SUM0, AVG -> {
        switch (types[at]) {
          case LONG, INT -> running.addWhole(row.getLong(columns[at]));
          case DOUBLE -> running.addReal(row.getDouble(columns[at]));
          default -> running.addValue(java.util.Objects.requireNonNull(row.get(columns[at])));
        }
      }
      default -> running.addValue(java.util.Objects.requireNonNull(row.get(columns[at])));
    }
  }
}
