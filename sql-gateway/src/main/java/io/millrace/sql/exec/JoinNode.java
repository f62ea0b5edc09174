package io.millrace.sql.exec;

import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.Values;
import io.millrace.sql.run.ExecContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.core.JoinRelType;
import org.jspecify.annotations.Nullable;

/**
 * Joins by a hash table over the right input; without equal columns every right row is a candidate.
 */
public final class JoinNode extends PlanNode {
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

  /** A right row and whether it has found a partner. */
  private static final class Candidate {
    final @Nullable Object[] row;
    @Nullable Candidate next;
    boolean matched;

    Candidate(@Nullable Object[] row) {
      this.row = row;
    }
  }

  private final class Running implements Operator {
    private final ExecContext ctx;
    private final Operator probe;
    private final Map<Object, Candidate> table = new HashMap<>();
    private final LongTable<Candidate> wholeTable = new LongTable<>();
    private final List<Candidate> all = new ArrayList<>();
    private @Nullable Candidate first;
    private @Nullable Candidate last;
    private boolean built;
    private boolean exhausted;
    private @Nullable Batch batch;
    private int at;
    private @Nullable Candidate candidate;
    private boolean matched;
    private int unmatchedAt;
    private final Batch out = new Batch(left.width() + right.width());
    private int visited;

    Running(ExecContext ctx) {
      this.ctx = ctx;
      probe = left.open(ctx);
    }

    private void build() {
      built = true;
      try (var rows = right.open(ctx)) {
        var buffer = new RowBuffer(right.width(), ctx);
        for (var part = rows.next(); part != null; part = rows.next()) {
          ctx.check();
          for (int i = 0; i < part.count; i++) {
            var found = new Candidate(buffer.add(part.rows[i]));
            buffer.pay(64);
            if (leftKeys.length == 0 && last != null) {
              last.next = found;
            }
            last = found;
            first = first == null ? found : first;
            if (type.generatesNullsOnLeft()) {
              all.add(found);
            }
            index(found);
          }
        }
      }
      if (wholeKey && !emitsUnpartnered(type) && probe instanceof PagedScan scan) {
        filterProbe(scan);
      }
    }

    /** Rows of the left side that have no partner need not even be decoded. */
    private void filterProbe(PagedScan scan) {
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

    private void index(Candidate found) {
      if (wholeKey) {
        var number = found.row[rightKeys[0]];
        if (number != null) {
          found.next = wholeTable.put(((Number) number).longValue(), found);
        }
        return;
      }
      var key = rightKeys.length == 0 ? null : key(found.row, rightKeys);
      if (key != null) {
        found.next = table.put(key, found);
      }
    }

    private @Nullable Object key(@Nullable Object[] row, int[] columns) {
      if (columns.length == 1) {
        var value = row[columns[0]];
        return value == null && !nullsMatch[0] ? null : Values.key(value);
      }
      var parts = new Object[columns.length];
      for (int i = 0; i < parts.length; i++) {
        var value = row[columns[i]];
        if (value == null && !nullsMatch[i]) {
          return null;
        }
        parts[i] = Values.key(value);
      }
      return new Values.RowKey(parts);
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
      while (candidate != null) {
        if ((++visited & 0xFFFF) == 0) {
          ctx.check();
        }
        var current = candidate;
        candidate = current.next;
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
        candidate = first;
        return;
      }
      if (wholeKey) {
        var number = row[leftKeys[0]];
        candidate = number == null ? null : wholeTable.get(((Number) number).longValue());
        return;
      }
      var key = key(row, leftKeys);
      candidate = key == null ? null : table.get(key);
    }

    /** Joins one pair; true when a row was added. */
    private boolean tryPair(@Nullable Object[] row, Candidate other) {
      var target = out.rows[out.count];
      System.arraycopy(row, 0, target, 0, left.width());
      System.arraycopy(other.row, 0, target, left.width(), right.width());
      if (condition != null && !condition.test(target, ctx)) {
        return false;
      }
      matched = true;
      other.matched = true;
      if (type == JoinRelType.SEMI || type == JoinRelType.ANTI) {
        candidate = null;
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
        java.util.Arrays.fill(target, left.width(), target.length, null);
      }
    }

    private boolean unmatched() {
      while (unmatchedAt < all.size()) {
        var other = all.get(unmatchedAt++);
        if (!other.matched) {
          var target = out.rows[out.count++];
          java.util.Arrays.fill(target, 0, left.width(), null);
          System.arraycopy(other.row, 0, target, left.width(), right.width());
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
