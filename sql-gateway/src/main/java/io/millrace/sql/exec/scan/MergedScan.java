package io.millrace.sql.exec.scan;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.PageCursor;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.RowReader;
import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.Operator;
import io.millrace.sql.exec.Skippable;
import io.millrace.sql.run.ExecContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of all tasks in key order: the tasks are ordered, so their next rows are merged. Rows that
 * are skipped are not decoded.
 */
@HotPath(benchmark = "PageScanBenchmark")
final class MergedScan implements Operator, Skippable {
  private final int[] columns;
  private final RowTest[] tests;
  private final ExecContext ctx;
  private final List<Source> sources = new ArrayList<>();
  private final Source[] merged;

  /** Losers of the matches between sources, by match; the winner of all is first. */
  private final int[] losers;

  private final Batch batch;
  private int steps;

  MergedScan(
      PagedTable table,
      int[] columns,
      int width,
      KeyBounds.@Nullable Fixed bounds,
      List<EncodedCondition> conditions,
      ExecContext ctx) {
    this.columns = java.util.Arrays.copyOf(columns, width);
    this.ctx = ctx;
    this.tests = EncodedCondition.bindAll(conditions, ctx);
    this.batch = new Batch(new Object[Batch.CAPACITY][width], 0);
    var low = bounds == null ? null : bounds.low();
    var high = bounds == null ? null : bounds.high();
    var tasks = ctx.snapshot().tasks();
    var key = new int[table.key().size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = table.key().get(i);
    }
    for (int task = 0; task < tasks; task++) {
      var source = new Source(table, table.pages(ctx.snapshot(), task, low, high), key);
      sources.add(source);
      source.done = !source.advance();
    }
    merged = sources.toArray(new Source[0]);
    losers = new int[merged.length];
    plan();
  }

  /** Plays all matches once. */
  private void plan() {
    var count = merged.length;
    var winners = new int[2 * count];
    for (int i = 0; i < count; i++) {
      winners[count + i] = i;
    }
    for (int match = count - 1; match > 0; match--) {
      var a = winners[2 * match];
      var b = winners[2 * match + 1];
      var first = beats(a, b);
      winners[match] = first ? a : b;
      losers[match] = first ? b : a;
    }
    losers[0] = count == 1 ? 0 : winners[1];
  }

  private boolean beats(int a, int b) {
    var one = merged[a];
    var other = merged[b];
    return !one.done && (other.done || one.compareTo(other) <= 0);
  }

  /** The source with the next row, or null at the end. */
  private @Nullable Source winner() {
    if (merged.length == 0) {
      return null;
    }
    var first = merged[losers[0]];
    return first.done ? null : first;
  }

  /** One task's rows; ordered by the key of its current row. */
  private final class Source implements Comparable<Source> {
    private final PageCursor pages;
    private final RowReader reader;
    private final int[] key;
    private final ColumnType[] types;
    private final ByteSlice text = new ByteSlice();
    private final boolean wholeFirst;
    private final boolean textFirst;
    private long first;
    private boolean done;
    private int at = -1;
    private int rows;

    Source(PagedTable table, PageCursor pages, int[] key) {
      this.pages = pages;
      this.reader = pages.row();
      this.key = key;
      this.types = new ColumnType[key.length];
      for (int i = 0; i < key.length; i++) {
        types[i] = table.columns().get(key[i]).type();
      }
      textFirst = types[0] == ColumnType.TEXT;
      wholeFirst =
          types[0] == ColumnType.LONG
              || types[0] == ColumnType.INT
              || types[0] == ColumnType.TIMESTAMP;
    }

    /** Moves to the next row that passes; false at the end. */
    boolean advance() {
      while (true) {
        if (++at >= rows) {
          ctx.check();
          if (!pages.next()) {
            return false;
          }
          rows = pages.rows();
          at = 0;
        }
        pages.at(at);
        if (passes()) {
          if (wholeFirst) {
            first = reader.getLong(key[0]);
          } else if (textFirst) {
            reader.getBytes(key[0], text);
          }
          return true;
        }
      }
    }

    private boolean passes() {
      for (var test : tests) {
        if (!test.test(reader)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int compareTo(Source other) {
      if (wholeFirst) {
        var order = Long.compare(first, other.first);
        return order != 0 || key.length == 1 ? order : rest(other, 1);
      }
      if (textFirst) {
        var order = text.compareTo(other.text);
        return order != 0 || key.length == 1 ? order : rest(other, 1);
      }
      return rest(other, 0);
    }

    private int rest(Source other, int from) {
      for (int i = from; i < key.length; i++) {
        var mine = reader.get(key[i]);
        var theirs = other.reader.get(key[i]);
        if (mine == null || theirs == null) {
          if (mine != theirs) {
            return mine == null ? 1 : -1;
          }
          continue;
        }
        var order = io.millrace.sql.expr.SqlValues.compare(mine, theirs);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
  }

  /** Moves the winner on and plays its matches again. */
  private void step(Source source) {
    source.done = !source.advance();
    var winner = losers[0];
    for (int match = winner + merged.length >> 1; match > 0; match >>= 1) {
      if (!beats(winner, losers[match])) {
        var other = losers[match];
        losers[match] = winner;
        winner = other;
      }
    }
    losers[0] = winner;
    if ((++steps & 0x3FF) == 0) {
      ctx.check();
    }
  }

  @Override
  public long skip(long wanted) {
    long skipped = 0;
    for (var source = winner(); source != null && skipped < wanted; source = winner()) {
      step(source);
      skipped++;
    }
    return skipped;
  }

  @Override
  public @Nullable Batch next() {
    int count = 0;
    for (var source = winner(); source != null && count < batch.rows.length; source = winner()) {
      var row = batch.rows[count++];
      for (int i = 0; i < columns.length; i++) {
        row[i] = source.reader.get(columns[i]);
      }
      step(source);
    }
    batch.count = count;
    return count == 0 ? null : batch;
  }

  @Override
  public void close() {
    for (var source : sources) {
      source.pages.close();
    }
    sources.clear();
  }
}
