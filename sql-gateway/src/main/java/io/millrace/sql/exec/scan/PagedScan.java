package io.millrace.sql.exec.scan;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.PageCursor;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.RowReader;
import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.EncodedRows;
import io.millrace.sql.exec.Narrowable;
import io.millrace.sql.exec.Operator;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table page by page: conditions first, on the encoded row; only rows that pass are
 * decoded, and of them only the columns somebody needs.
 */
@HotPath(benchmark = "PageScanBenchmark")
final class PagedScan implements Operator, Narrowable, EncodedRows {
  private static final int KEY_ROWS = 2;
  private static final int TASK_ROWS = 64;

  private final PagedTable table;
  private final int[] columns;
  private final ColumnType[] types;
  private final @Nullable TextCache[] caches;
  private final KeyBounds.@Nullable Fixed bounds;
  private final RowTest[] tests;
  private final @Nullable Expr rest;
  private final ExecContext ctx;
  private final ByteSlice slice = new ByteSlice();
  private final Batch batch;
  private final int lastTask;
  private int task;
  private @Nullable PageCursor pages;
  private int rows;
  private int at;
  private @Nullable RowTest threshold;
  private @Nullable RowTest partnered;

  /**
   * A scan of one execution.
   *
   * @param columns columns to decode; those behind {@code width} only for {@code rest}
   * @param conditions what is judged on the encoded row
   * @param rest what remains to be judged on decoded cells, or null
   * @param keyGet whether the bounds name one key, so that no more than a row will come
   */
  PagedScan(
      PagedTable table,
      int[] columns,
      int width,
      KeyBounds.@Nullable Fixed bounds,
      List<EncodedCondition> conditions,
      @Nullable Expr rest,
      boolean keyGet,
      ExecContext ctx) {
    this.table = table;
    this.columns = rest == null ? java.util.Arrays.copyOf(columns, width) : columns;
    this.bounds = bounds;
    this.rest = rest;
    this.ctx = ctx;
    this.types = new ColumnType[this.columns.length];
    this.caches = new TextCache[this.columns.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = table.columns().get(this.columns[i]).type();
      caches[i] = types[i] == ColumnType.TEXT && !keyGet ? new TextCache() : null;
    }
    this.tests = EncodedCondition.bindAll(conditions, ctx);
    var low = bounds == null ? null : bounds.low();
    var high = bounds == null ? null : bounds.high();
    var only = low == null || high == null ? -1 : table.task(ctx.snapshot(), low, high);
    this.task = only < 0 ? 0 : only;
    this.lastTask = only < 0 ? ctx.snapshot().tasks() - 1 : only;
    var capacity = keyGet ? KEY_ROWS : only < 0 ? Batch.CAPACITY : TASK_ROWS;
    this.batch = new Batch(new Object[capacity][columns.length], 0);
  }

  @Override
  public void threshold(int cell, Object worst, boolean descending) {
    threshold = EncodedCondition.notBehind(columns[cell], types[cell], worst, descending);
  }

  @Override
  public void only(int cell, LongPredicate keys) {
    var column = columns[cell];
    if (types[cell] == ColumnType.LONG || types[cell] == ColumnType.INT) {
      partnered = row -> !row.isNull(column) && keys.test(row.getLong(column));
    }
  }

  @Override
  public @Nullable Batch next() {
    int count = 0;
    var target = batch.rows;
    while (count < target.length) {
      var cursor = pages;
      if (cursor == null) {
        if (task > lastTask) {
          break;
        }
        cursor = open(task++);
        pages = cursor;
      }
      if (at >= rows) {
        ctx.check();
        if (!cursor.next()) {
          close();
          continue;
        }
        rows = cursor.rows();
        at = 0;
      }
      count = page(cursor, count);
    }
    batch.count = count;
    return count == 0 ? null : batch;
  }

  @Override
  public void visit(Visitor visitor) {
    for (; task <= lastTask; task++) {
      try (var cursor = open(task)) {
        var reader = cursor.row();
        while (cursor.next()) {
          ctx.check();
          for (int i = 0, end = cursor.rows(); i < end; i++) {
            cursor.at(i);
            if (passes(reader)) {
              visitor.row(reader);
            }
          }
        }
      }
    }
  }

  @Override
  public boolean judgesEncoded() {
    return rest == null;
  }

  @Override
  public int column(int cell) {
    return columns[cell];
  }

  @Override
  public ColumnType type(int cell) {
    return types[cell];
  }

  private PageCursor open(int number) {
    rows = 0;
    at = 0;
    return table.pages(
        ctx.snapshot(),
        number,
        bounds == null ? null : bounds.low(),
        bounds == null ? null : bounds.high());
  }

  /** Takes rows of the page until it or the batch ends. */
  private int page(PageCursor cursor, int from) {
    if (columns.length == 0 && tests.length == 0 && rest == null) {
      var taken = Math.min(rows - at, batch.rows.length - from);
      at += taken;
      return from + taken;
    }
    var reader = cursor.row();
    var target = batch.rows;
    var count = from;
    var limit = threshold;
    var join = partnered;
    var index = at;
    var end = rows;
    while (index < end && count < target.length) {
      cursor.at(index++);
      if (!passes(reader)
          || (limit != null && !limit.test(reader))
          || (join != null && !join.test(reader))) {
        continue;
      }
      var row = target[count];
      decode(reader, row);
      if (rest == null || passesRest(rest, row)) {
        count++;
      }
    }
    at = index;
    return count;
  }

  private boolean passes(RowReader reader) {
    for (var test : tests) {
      if (!test.test(reader)) {
        return false;
      }
    }
    return true;
  }

  private boolean passesRest(Expr condition, @Nullable Object[] row) {
    var before = ctx.scratch();
    var passed = condition.test(row, ctx);
    ctx.dropScratch(ctx.scratch() - before);
    return passed;
  }

  private void decode(RowReader reader, @Nullable Object[] row) {
    for (int i = 0; i < columns.length; i++) {
      var cache = caches[i];
      if (cache == null) {
        row[i] = reader.get(columns[i]);
      } else if (reader.isNull(columns[i])) {
        row[i] = null;
      } else {
        reader.getBytes(columns[i], slice);
        row[i] = cache.text(slice);
      }
    }
  }

  @Override
  public void close() {
    var open = pages;
    if (open != null) {
      pages = null;
      open.close();
    }
  }
}
