package io.millrace.sql.exec.hash;

import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.Narrowable;
import io.millrace.sql.exec.Operator;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.core.JoinRelType;
import org.jspecify.annotations.Nullable;

/**
 * Joins by a hash table over the right input; without equal columns every right row is a candidate.
 */
public final class JoinNode extends PlanNode {
  private static final int NONE = LongIndex.NONE;

  private final PlanNode left;
  private final PlanNode right;
  private final int[] leftKeys;
  private final int[] rightKeys;
  private final boolean[] nullsMatch;
  private final boolean wholeKey;
  private final @Nullable Expr condition;
  private final JoinRelType type;
  private final String words;

  /**
   * A join.
   *
   * @param nullsMatch per key column: null equals null (IS NOT DISTINCT FROM)
   * @param wholeKey the one key column of each side holds whole numbers
   * @param condition what must hold beside the key columns, over left and right cells, or null
   */
  public JoinNode(
      PlanNode left,
      PlanNode right,
      int[] leftKeys,
      int[] rightKeys,
      boolean[] nullsMatch,
      boolean wholeKey,
      @Nullable Expr condition,
      JoinRelType type,
      String words) {
    super(left.width() + (type.projectsRight() ? right.width() : 0));
    this.left = left;
    this.right = right;
    this.leftKeys = leftKeys;
    this.rightKeys = rightKeys;
    this.nullsMatch = nullsMatch;
    this.wholeKey = wholeKey;
    this.condition = condition;
    this.type = type;
    this.words = words;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(left, right);
  }

  @Override
  public String describe() {
    var kind = leftKeys.length > 0 ? "Hash join" : "Nested loop join";
    return kind + " (" + type.lowerName + ") on " + words;
  }

  @Override
  protected Operator start(ExecContext ctx) {
    return new Running(ctx);
  }

  private final class Running implements Operator {
    private final ExecContext ctx;
    private final Operator probe;
    private final Map<Object, Integer> table = new HashMap<>();
    private final LongIndex wholeTable = new LongIndex();
    private final ColumnRows all;

    /** Per right row: the next one with the same key, or NONE. */
    private int[] next = new int[0];

    /** Right rows that have found a partner, where somebody asks. */
    private final BitSet partnered = new BitSet();

    private boolean built;
    private boolean exhausted;
    private @Nullable Batch batch;
    private int at;
    private int candidate = NONE;
    private boolean matched;
    private int unmatchedAt;
    private final Batch out = new Batch(left.width() + right.width());
    private int visited;

    Running(ExecContext ctx) {
      this.ctx = ctx;
      probe = left.open(ctx);
      all = new ColumnRows(right.width(), ctx);
    }

    private void build() {
      built = true;
      try (var rows = right.open(ctx)) {
        for (var part = rows.next(); part != null; part = rows.next()) {
          ctx.check();
          for (int i = 0; i < part.count; i++) {
            var row = part.rows[i];
            var found = all.add(row);
            if (found >= next.length) {
              next = Arrays.copyOf(next, Math.max(1024, found * 2));
            }
            next[found] = index(row, found);
          }
        }
      }
      if (leftKeys.length == 0) {
        inOrder();
      }
      if (wholeKey && !emitsUnpartnered(type) && probe instanceof Narrowable scan) {
        filterProbe(scan);
      }
    }

    /** Without keys every row is followed by the one behind it. */
    private void inOrder() {
      for (int i = 0; i < all.count(); i++) {
        next[i] = i + 1 < all.count() ? i + 1 : NONE;
      }
    }

    /** Rows of the left side that have no partner need not even be decoded. */
    private void filterProbe(Narrowable scan) {
      if (wholeTable.size() == 0) {
        exhausted = true;
        return;
      }
      var filter = wholeTable.filter();
      ctx.reserve(filter.bytes());
      scan.only(leftKeys[0], filter);
    }

    private static boolean emitsUnpartnered(JoinRelType type) {
      return type == JoinRelType.ANTI || type.generatesNullsOnRight();
    }

    /** Makes a row known by its key; returns the row that was known by it before, or NONE. */
    private int index(@Nullable Object[] row, int found) {
      if (wholeKey) {
        var number = row[rightKeys[0]];
        return number == null ? NONE : wholeTable.put(((Number) number).longValue(), found);
      }
      var key = rightKeys.length == 0 ? null : key(row, rightKeys);
      var before = key == null ? null : table.put(key, found);
      return before == null ? NONE : before;
    }

    private @Nullable Object key(@Nullable Object[] row, int[] columns) {
      if (columns.length == 1) {
        var value = row[columns[0]];
        return value == null && !nullsMatch[0] ? null : SqlValues.key(value);
      }
      var parts = new Object[columns.length];
      for (int i = 0; i < parts.length; i++) {
        var value = row[columns[i]];
        if (value == null && !nullsMatch[i]) {
          return null;
        }
        parts[i] = SqlValues.key(value);
      }
      return new SqlValues.RowKey(parts);
    }

    @Override
    public @Nullable Batch next() {
      if (!built) {
        build();
      }
      ctx.check();
      out.count = 0;
      while (out.count < Batch.CAPACITY && step()) {}
      while (out.count < Batch.CAPACITY && type.generatesNullsOnLeft() && unmatched()) {}
      return out.count == 0 ? null : out;
    }

    /** Works on one left row; false when there are no more. */
    private boolean step() {
      if (batch == null || at >= batch.count) {
        batch = exhausted ? null : probe.next();
        at = 0;
        if (batch == null) {
          at = -1;
          return false;
        }
        begin(batch.rows[0]);
      }
      var row = batch.rows[at];
      while (candidate != NONE) {
        if ((++visited & 0xFFFF) == 0) {
          ctx.check();
        }
        var current = candidate;
        candidate = next[current];
        if (tryPair(row, current)) {
          if (out.count == Batch.CAPACITY) {
            return true;
          }
        }
      }
      end(row);
      if (++at < batch.count) {
        begin(batch.rows[at]);
      }
      return true;
    }

    private void begin(@Nullable Object[] row) {
      matched = false;
      if (leftKeys.length == 0) {
        candidate = all.count() == 0 ? NONE : 0;
        return;
      }
      if (wholeKey) {
        var number = row[leftKeys[0]];
        candidate = number == null ? NONE : wholeTable.get(((Number) number).longValue());
        return;
      }
      var key = key(row, leftKeys);
      candidate = key == null ? NONE : table.getOrDefault(key, NONE);
    }

    /** Joins one pair; true when a row was added. */
    private boolean tryPair(@Nullable Object[] row, int other) {
      var target = out.rows[out.count];
      System.arraycopy(row, 0, target, 0, left.width());
      all.read(other, target, left.width());
      if (condition != null) {
        var before = ctx.scratch();
        var passed = condition.test(target, ctx);
        ctx.dropScratch(ctx.scratch() - before);
        if (!passed) {
          return false;
        }
      }
      matched = true;
      if (type.generatesNullsOnLeft()) {
        partnered.set(other);
      }
      if (type == JoinRelType.SEMI || type == JoinRelType.ANTI) {
        candidate = NONE;
        return false;
      }
      out.count++;
      return true;
    }

    private void end(@Nullable Object[] row) {
      var emit =
          switch (type) {
            case SEMI -> matched;
            case ANTI -> !matched;
            case LEFT, FULL -> !matched;
            default -> false;
          };
      if (emit) {
        var target = out.rows[out.count++];
        System.arraycopy(row, 0, target, 0, left.width());
        Arrays.fill(target, left.width(), target.length, null);
      }
    }

    private boolean unmatched() {
      while (unmatchedAt < all.count()) {
        var other = unmatchedAt++;
        if (!partnered.get(other)) {
          var target = out.rows[out.count++];
          Arrays.fill(target, 0, left.width(), null);
          all.read(other, target, left.width());
          return true;
        }
      }
      return false;
    }

    @Override
    public void close() {
      probe.close();
    }
  }
}
