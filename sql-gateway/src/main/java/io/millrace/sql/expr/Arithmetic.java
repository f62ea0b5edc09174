package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/** Arithmetic with the overflow rules of SQL. */
public final class Arithmetic {
  private static final int NUMERIC_DIGITS = 16;
  private static final long MAX_BITS = 500_000;
  private static final long MAX_SCALE = 131_072;

  private Arithmetic() {}

  /** A binary operation with a result type. */
  static Expr of(SqlKind kind, SqlTypeName type, Expr left, Expr right) {
    return (row, ctx) -> {
      var a = left.eval(row, ctx);
      var b = right.eval(row, ctx);
      return a == null || b == null ? null : apply(kind, type, (Number) a, (Number) b);
    };
  }

  private static Object apply(SqlKind kind, SqlTypeName type, Number a, Number b) {
    return switch (type) {
      case TINYINT, SMALLINT, INTEGER -> {
        var result = whole(kind, a.longValue(), b.longValue());
        if ((int) result != result) {
          throw outOfRange("integer");
        }
        yield (int) result;
      }
      case BIGINT -> whole(kind, a.longValue(), b.longValue());
      case REAL, FLOAT, DOUBLE -> real(kind, a.doubleValue(), b.doubleValue());
      default -> exact(kind, SqlValues.decimal(a), SqlValues.decimal(b));
    };
  }

  private static long whole(SqlKind kind, long a, long b) {
    try {
      return switch (kind) {
        case PLUS -> Math.addExact(a, b);
        case MINUS -> Math.subtractExact(a, b);
        case TIMES -> Math.multiplyExact(a, b);
        case MOD -> nonZero(b) == -1 ? 0 : a % b;
        default -> Math.divideExact(a, nonZero(b));
      };
    } catch (ArithmeticException overflow) {
      throw outOfRange("bigint");
    }
  }

  private static long nonZero(long b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return b;
  }

  private static SqlProblem divisionByZero() {
    return new SqlProblem(SqlState.DIVISION_BY_ZERO, "division by zero");
  }

  private static SqlProblem outOfRange(String type) {
    return new SqlProblem(SqlState.NUMERIC_OUT_OF_RANGE, type + " out of range");
  }

  private static double real(SqlKind kind, double a, double b) {
    if (b == 0 && (kind == SqlKind.DIVIDE || kind == SqlKind.MOD)) {
      throw divisionByZero();
    }
    var result =
        switch (kind) {
          case PLUS -> a + b;
          case MINUS -> a - b;
          case TIMES -> a * b;
          case MOD -> a % b;
          default -> a / b;
        };
    if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw new SqlProblem(SqlState.NUMERIC_OUT_OF_RANGE, "value out of range: overflow");
    }
    return result;
  }

  private static BigDecimal exact(SqlKind kind, BigDecimal a, BigDecimal b) {
    if (b.signum() == 0 && (kind == SqlKind.DIVIDE || kind == SqlKind.MOD)) {
      throw divisionByZero();
    }
    return switch (kind) {
      case PLUS -> a.add(b);
      case MINUS -> a.subtract(b);
      case TIMES -> bounded(a, b).multiply(b);
      case MOD -> a.remainder(b);
      default -> divide(a, b);
    };
  }

  /** The first factor; throws when the product would have more digits than a number may. */
  private static BigDecimal bounded(BigDecimal a, BigDecimal b) {
    var bits = (long) a.unscaledValue().bitLength() + b.unscaledValue().bitLength();
    if (bits > MAX_BITS || Math.abs((long) a.scale() + b.scale()) > MAX_SCALE) {
      throw new SqlProblem(SqlState.NUMERIC_OUT_OF_RANGE, "value overflows numeric format");
    }
    return a;
  }

  /** Divides exact numbers with the scale PostgreSQL chooses. */
  public static BigDecimal divide(BigDecimal a, BigDecimal b) {
    if (b.signum() == 0) {
      throw divisionByZero();
    }
    var weight = groupWeight(a) - groupWeight(b);
    if (firstGroup(a) <= firstGroup(b)) {
      weight--;
    }
    var scale = NUMERIC_DIGITS - weight * 4;
    scale = Math.max(Math.max(scale, 0), Math.max(a.scale(), b.scale()));
    return a.divide(b, Math.min(scale, 1000), RoundingMode.HALF_UP);
  }

  /** Number of the highest base-10,000 digit. */
  private static int groupWeight(BigDecimal number) {
    return number.signum() == 0 ? 0 : Math.floorDiv(number.precision() - number.scale() - 1, 4);
  }

  private static int firstGroup(BigDecimal number) {
    return number.signum() == 0
        ? 0
        : number.abs().movePointLeft(groupWeight(number) * 4).intValue();
  }

  /** Changes the sign. */
  static Expr negate(SqlTypeName type, Expr inner) {
    return (row, ctx) -> {
      var value = inner.eval(row, ctx);
      return value == null ? null : apply(SqlKind.MINUS, type, 0, (Number) value);
    };
  }

  /** Rounds down or up to a whole number. */
  static Expr floor(boolean up, Expr inner) {
    return (row, ctx) -> {
      var value = inner.eval(row, ctx);
      return switch (value) {
        case null -> null;
        case Double real -> (Object) (up ? Math.ceil(real) : Math.floor(real));
        case BigDecimal exact -> exact.setScale(0, up ? RoundingMode.CEILING : RoundingMode.FLOOR);
        default -> value;
      };
    };
  }

  /** Moves a moment by an interval: months, or milliseconds. */
  static Expr shift(Expr moment, Expr interval, boolean months, boolean back) {
    return (row, ctx) -> {
      var at = moment.eval(row, ctx);
      var by = interval.eval(row, ctx);
      if (at == null || by == null) {
        return null;
      }
      var amount = back ? -((Number) by).longValue() : ((Number) by).longValue();
      var ms = ((Number) at).longValue();
      return months
          ? (Object)
              Instant.ofEpochMilli(ms)
                  .atOffset(ZoneOffset.UTC)
                  .plusMonths(amount)
                  .toInstant()
                  .toEpochMilli()
          : (Object) (ms + amount);
    };
  }
}
