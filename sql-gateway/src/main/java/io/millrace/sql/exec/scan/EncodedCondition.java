package io.millrace.sql.exec.scan;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.ColumnType;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.ExprCompiler;
import io.millrace.sql.expr.LikePattern;
import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A condition on one column that can be judged on the encoded row, before anything is decoded.
 *
 * @param kind what must hold
 * @param column number of the column in the table
 * @param type type of the column
 * @param values what it is compared with: one value, several for {@code IN}, none for null tests
 */
@HotPath(benchmark = "PageScanBenchmark")
public record EncodedCondition(Kind kind, int column, ColumnType type, List<Expr> values) {
  /** What must hold. */
  public enum Kind {
    /** Equal. */
    EQ,
    /** Not equal. */
    NE,
    /** Smaller. */
    LT,
    /** Smaller or equal. */
    LE,
    /** Larger. */
    GT,
    /** Larger or equal. */
    GE,
    /** Equal to one of several. */
    IN,
    /** Matches a pattern. */
    LIKE,
    /** Null. */
    IS_NULL,
    /** Not null. */
    NOT_NULL,
    /** A true boolean. */
    TRUE,
    /** A false boolean. */
    FALSE
  }

  private static final RowTest NEVER = row -> false;

  private boolean holds(int order) {
    return switch (kind) {
      case EQ -> order == 0;
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      default -> order >= 0;
    };
  }

  /** The tests of one execution. */
  static RowTest[] bindAll(List<EncodedCondition> conditions, ExecContext ctx) {
    var tests = new RowTest[conditions.size()];
    for (int i = 0; i < tests.length; i++) {
      tests[i] = conditions.get(i).bind(ctx);
    }
    return tests;
  }

  /** The test of one execution. */
  RowTest bind(ExecContext ctx) {
    var c = column;
    return switch (kind) {
      case IS_NULL -> row -> row.isNull(c);
      case NOT_NULL -> row -> !row.isNull(c);
      case TRUE -> row -> !row.isNull(c) && row.getBoolean(c);
      case FALSE -> row -> !row.isNull(c) && !row.getBoolean(c);
      case IN -> anyOf(ctx);
      default -> compared(ctx);
    };
  }

  private RowTest anyOf(ExecContext ctx) {
    var tests = new RowTest[values.size()];
    for (int i = 0; i < tests.length; i++) {
      var one = new EncodedCondition(Kind.EQ, column, type, List.of(values.get(i)));
      tests[i] = one.bind(ctx);
    }
    return row -> {
      for (var test : tests) {
        if (test.test(row)) {
          return true;
        }
      }
      return false;
    };
  }

  private RowTest compared(ExecContext ctx) {
    var value = ExprCompiler.constant(values.getFirst(), ctx);
    if (value == null) {
      return NEVER;
    }
    if (kind == Kind.LIKE) {
      return like(LikePattern.of(value.toString(), null, false), ctx);
    }
    return switch (type) {
      case LONG, INT, TIMESTAMP ->
          value instanceof Long || value instanceof Integer
              ? whole(((Number) value).longValue())
              : decoded(value);
      case DOUBLE ->
          value instanceof Number && !(value instanceof BigDecimal)
              ? real(((Number) value).doubleValue())
              : decoded(value);
      case TEXT ->
          value instanceof String text
              ? text(text.getBytes(StandardCharsets.UTF_8))
              : decoded(value);
      default -> decoded(value);
    };
  }

  private RowTest whole(long wanted) {
    var c = column;
    return switch (kind) {
      case EQ -> row -> !row.isNull(c) && row.getLong(c) == wanted;
      case NE -> row -> !row.isNull(c) && row.getLong(c) != wanted;
      case LT -> row -> !row.isNull(c) && row.getLong(c) < wanted;
      case LE -> row -> !row.isNull(c) && row.getLong(c) <= wanted;
      case GT -> row -> !row.isNull(c) && row.getLong(c) > wanted;
      default -> row -> !row.isNull(c) && row.getLong(c) >= wanted;
    };
  }

  private RowTest real(double wanted) {
    var c = column;
    return row -> {
      if (row.isNull(c)) {
        return false;
      }
      var found = row.getDouble(c);
      return holds(found == wanted ? 0 : Double.compare(found, wanted));
    };
  }

  private RowTest text(byte[] wanted) {
    var c = column;
    var slice = new ByteSlice();
    if (kind == Kind.EQ) {
      return row -> {
        if (row.isNull(c)) {
          return false;
        }
        row.getBytes(c, slice);
        return slice.contentEquals(wanted);
      };
    }
    return row -> {
      if (row.isNull(c)) {
        return false;
      }
      row.getBytes(c, slice);
      return holds(slice.compareTo(wanted));
    };
  }

  private RowTest like(LikePattern pattern, ExecContext ctx) {
    var c = column;
    var slice = new ByteSlice();
    var prefix = pattern.prefix().getBytes(StandardCharsets.UTF_8);
    var whole = pattern.prefixOnly();
    return row -> {
      if (row.isNull(c)) {
        return false;
      }
      row.getBytes(c, slice);
      return slice.startsWith(prefix) && (whole || pattern.matches(slice.text(), ctx));
    };
  }

  private RowTest decoded(Object wanted) {
    var c = column;
    return row -> {
      var found = row.get(c);
      return found != null && holds(SqlValues.compare(found, wanted));
    };
  }

  /** A test that drops rows whose column lies strictly behind a value of an order; nulls stay. */
  static RowTest notBehind(int column, ColumnType type, Object worst, boolean descending) {
    var kind = descending ? Kind.GE : Kind.LE;
    var condition = new EncodedCondition(kind, column, type, List.of());
    RowTest within =
        switch (type) {
          case LONG, INT, TIMESTAMP -> condition.whole(((Number) worst).longValue());
          case DOUBLE -> condition.real(((Number) worst).doubleValue());
          case TEXT -> condition.text(((String) worst).getBytes(StandardCharsets.UTF_8));
          default -> condition.decoded(worst);
        };
    return row -> row.isNull(column) || within.test(row);
  }
}
