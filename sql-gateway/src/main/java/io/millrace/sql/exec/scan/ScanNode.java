package io.millrace.sql.exec.scan;

import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Table;
import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.FilterNode;
import io.millrace.sql.exec.KeyOrdered;
import io.millrace.sql.exec.KeyReading;
import io.millrace.sql.exec.Operator;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.run.ExecContext;
import io.millrace.sql.run.VirtualTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table: one key, a key range or all of it, with the remaining conditions evaluated on the
 * columns read. Columns that only the conditions need come after the ones delivered.
 */
public final class ScanNode extends PlanNode implements KeyReading, KeyOrdered {
  private final Table table;
  private final int[] columns;
  private final @Nullable KeyBounds bounds;
  private final @Nullable Expr condition;
  private final Encoded encoded;
  private final String conditionWords;
  private final boolean keyOrder;
  private final boolean plain;

  /**
   * The conditions once more, for tables that are read page by page.
   *
   * @param conditions what can be judged on the encoded row
   * @param rest what cannot, over the columns read, or null
   */
  public record Encoded(List<EncodedCondition> conditions, @Nullable Expr rest) {
    /** Everything is judged on decoded cells. */
    public static Encoded none(@Nullable Expr condition) {
      return new Encoded(List.of(), condition);
    }
  }

  /** A scan; {@code width} of the columns are delivered. */
  public ScanNode(
      Table table,
      int[] columns,
      int width,
      @Nullable KeyBounds bounds,
      @Nullable Expr condition,
      Encoded encoded,
      String conditionWords) {
    this(table, columns, width, bounds, condition, encoded, conditionWords, false, false);
  }

  private ScanNode(
      Table table,
      int[] columns,
      int width,
      @Nullable KeyBounds bounds,
      @Nullable Expr condition,
      Encoded encoded,
      String conditionWords,
      boolean keyOrder,
      boolean plain) {
    super(width);
    this.keyOrder = keyOrder;
    this.plain = plain;
    this.table = table;
    this.columns = columns;
    this.bounds = bounds;
    this.condition = condition;
    this.encoded = encoded;
    this.conditionWords = conditionWords;
  }

  /** The table read. */
  public Table table() {
    return table;
  }

  @Override
  public boolean keyGet() {
    return bounds != null && bounds.wholeKey();
  }

  @Override
  public boolean plainKeyGet() {
    return plain && keyGet();
  }

  @Override
  public boolean liveKeyGet() {
    return plainKeyGet() && table.readsKeysLive();
  }

  /**
   * The same scan, of which the planner knows that it computes nothing: bounds and conditions hold
   * columns against parameters and literals, and none of that takes longer than finding the row.
   * Such a scan of one key may run where nobody could end it.
   */
  public ScanNode plain() {
    return new ScanNode(
        table, columns, width(), bounds, condition, encoded, conditionWords, keyOrder, true);
  }

  @Override
  public boolean ordersBy(int[] cells) {
    var key = table.key();
    if (!(table instanceof PagedTable)
        || !table.ordered()
        || encoded.rest() != null
        || cells.length > key.size()) {
      return false;
    }
    for (int i = 0; i < cells.length; i++) {
      if (columns[cells[i]] != key.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** The same scan; one key is one row at most, in any order. */
  @Override
  public ScanNode inKeyOrder() {
    return keyGet() ? this : inOrder();
  }

  private ScanNode inOrder() {
    return new ScanNode(
        table, columns, width(), bounds, condition, encoded, conditionWords, true, plain);
  }

  @Override
  public String describe() {
    var name = table.schema() + "." + table.name();
    var words = new StringBuilder();
    if (bounds == null) {
      words.append("Full scan of ").append(name);
    } else {
      words.append(bounds.wholeKey() ? "Key get on " : "Key range of ").append(name);
    }
    if (!conditionWords.isEmpty()) {
      words.append(" where ").append(conditionWords);
    }
    words.append(", reading ").append(columns.length).append(" of ");
    words.append(table.columns().size()).append(" columns");
    return words.append(keyOrder ? ", in key order" : "").toString();
  }

  @Override
  protected Operator start(ExecContext ctx) {
    var fixed = bounds == null ? null : bounds.fix(ctx);
    if (bounds != null && fixed == null) {
      return new Rows(null, ctx);
    }
    if (keyOrder && table instanceof PagedTable paged) {
      return new MergedScan(paged, columns, width(), fixed, encoded.conditions(), ctx);
    }
    if (table instanceof PagedTable paged) {
      return new PagedScan(
          paged, columns, width(), fixed, encoded.conditions(), encoded.rest(), keyGet(), ctx);
    }
    var request =
        new ScanRequest(
            columns, fixed == null ? null : fixed.low(), fixed == null ? null : fixed.high());
    return new Rows(
        table instanceof VirtualTable virtual
            ? virtual.scan(request)
            : table.scan(ctx.snapshot(), request),
        ctx);
  }

  private final class Rows implements Operator {
    private final @Nullable RowCursor cursor;
    private final ExecContext ctx;
    private @Nullable Batch batch;

    Rows(@Nullable RowCursor cursor, ExecContext ctx) {
      this.cursor = cursor;
      this.ctx = ctx;
    }

    @Override
    public @Nullable Batch next() {
      if (cursor == null) {
        return null;
      }
      var filled = batch();
      while (true) {
        ctx.check();
        filled.count = fill(cursor, filled.rows);
        if (filled.count == 0) {
          return null;
        }
        if (condition != null) {
          FilterNode.keep(filled, condition, ctx);
        }
        if (filled.count > 0) {
          return filled;
        }
      }
    }

    @SuppressWarnings("NullAway") // the cells of a batch are nullable, its rows are not
    private static int fill(RowCursor from, @Nullable Object[][] rows) {
      return from.next(rows);
    }

    private Batch batch() {
      var current = batch;
      if (current == null) {
        current =
            keyGet() ? new Batch(new Object[4][columns.length], 0) : new Batch(columns.length);
        batch = current;
      }
      return current;
    }

    @Override
    public void close() {
      if (cursor != null) {
        cursor.close();
      }
    }
  }
}
