package io.millrace.sql.exec.scan;

import io.millrace.engine.table.ColumnType;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.ExprCompiler;
import io.millrace.sql.expr.LikePattern;
import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import io.millrace.sql.types.PgText;
import io.millrace.sql.types.PgType;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the key columns as far as the conditions fix them. Bounds are inclusive and may be
 * wider than the conditions, which the scan evaluates in any case.
 *
 * @param equal expressions for the leading key columns that are fixed
 * @param low lower bound of the next key column, or null
 * @param high upper bound of the next key column, or null
 * @param like pattern of the next key column, whose fixed start bounds it, or null
 * @param types types of the key columns
 * @param wholeKey true when every key column is fixed
 */
public record KeyBounds(
    List<Expr> equal,
    @Nullable Expr low,
    @Nullable Expr high,
    @Nullable Expr like,
    List<ColumnType> types,
    boolean wholeKey) {

  /** Bounds of one execution. */
  record Fixed(Object @Nullable [] low, Object @Nullable [] high) {}

  /** Evaluates the bounds; null when no row can match. */
  @Nullable Fixed fix(ExecContext ctx) {
    var prefix = new ArrayList<Object>(types.size());
    for (int i = 0; i < equal.size(); i++) {
      var value = ExprCompiler.constant(equal.get(i), ctx);
      var down = value == null ? null : fit(value, types.get(i), RoundingMode.FLOOR);
      if (value == null || down == null || SqlValues.compare(down, value) != 0) {
        return null;
      }
      prefix.add(down);
    }
    if (low == null && high == null && like == null) {
      var both = prefix.isEmpty() ? null : prefix.toArray();
      return new Fixed(both, both);
    }
    return range(prefix, ctx);
  }

  private @Nullable Fixed range(List<Object> prefix, ExecContext ctx) {
    var type = types.get(prefix.size());
    Object from = null;
    Object to = null;
    if (low != null) {
      var value = ExprCompiler.constant(low, ctx);
      if (value == null) {
        return null;
      }
      from = fit(value, type, RoundingMode.FLOOR);
    }
    if (high != null) {
      var value = ExprCompiler.constant(high, ctx);
      if (value == null) {
        return null;
      }
      to = fit(value, type, RoundingMode.CEILING);
    }
    if (like != null) {
      var pattern = ExprCompiler.constant(like, ctx);
      if (pattern == null) {
        return null;
      }
      var start = LikePattern.of(pattern.toString(), null, false).prefix();
      from = start.isEmpty() ? from : start;
      to = start.isEmpty() ? to : successor(start);
    }
    return new Fixed(joined(prefix, from), joined(prefix, to));
  }

  private static Object @Nullable [] joined(List<Object> prefix, @Nullable Object last) {
    var all = new ArrayList<>(prefix);
    if (last != null) {
      all.add(last);
    }
    return all.isEmpty() ? null : all.toArray();
  }

  /**
   * The value in the column's carrier, rounded when it lies between two; null when out of range.
   */
  private static @Nullable Object fit(Object value, ColumnType type, RoundingMode mode) {
    return switch (type) {
      case INT ->
          whole(value, mode, Integer.MIN_VALUE, Integer.MAX_VALUE) instanceof Long n
              ? (Object) n.intValue()
              : null;
      case LONG, TIMESTAMP -> whole(value, mode, Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> value instanceof Number number ? number.doubleValue() : null;
      default -> value;
    };
  }

  private static @Nullable Long whole(Object value, RoundingMode mode, long min, long max) {
    if (value instanceof String text) {
      return PgText.parseLong(PgType.INT8, text);
    }
    if (!(value instanceof Number number)) {
      return null;
    }
    if (number instanceof Double real && (real.isNaN() || real.isInfinite())) {
      return null;
    }
    var rounded = SqlValues.decimal(number).setScale(0, mode);
    if (rounded.unscaledValue().bitLength() > 63) {
      return null;
    }
    var whole = rounded.longValue();
    return whole < min || whole > max ? null : (Long) whole;
  }

  /** The smallest text that is larger than every text with this start, or null. */
  static @Nullable String successor(String start) {
    for (int end = start.length(); end > 0; ) {
      var last = start.codePointBefore(end);
      end -= Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        var next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return start.substring(0, end) + Character.toString(next);
      }
    }
    return null;
  }
}
