package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.types.PgType;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bodies of the functions that Calcite's own operator table declares. */
final class StandardFunctions {
  /** A function of values that are not null. */
  @FunctionalInterface
  interface Body {
    /** Computes the value. */
    @Nullable Object apply(Object[] args);
  }

  private StandardFunctions() {}

  /** The body of a function by its upper-case name, or null when we have none. */
  static @Nullable Body find(String name, int arity) {
    return switch (name) {
      case "LOWER" -> a -> a[0].toString().toLowerCase(Locale.ROOT);
      case "UPPER" -> a -> a[0].toString().toUpperCase(Locale.ROOT);
      case "CHAR_LENGTH", "CHARACTER_LENGTH" ->
          a -> a[0].toString().codePointCount(0, a[0].toString().length());
      case "OCTET_LENGTH" -> a -> octets(a[0]);
      case "||" -> StandardFunctions::concat;
      case "SUBSTRING" ->
          a ->
              PgFunctions.substring(
                  a[0].toString(), whole(a[1]), arity > 2 ? whole(a[2]) : Integer.MAX_VALUE);
      case "INITCAP" -> a -> initcap(a[0].toString());
      case "ABS" -> a -> abs((Number) a[0]);
      case "SIGN" -> a -> sign((Number) a[0]);
      case "SQRT" -> a -> root(real(a[0]));
      case "POWER" -> a -> power(real(a[0]), real(a[1]));
      case "EXP" -> a -> Math.exp(real(a[0]));
      case "LN" -> a -> Math.log(positive(real(a[0])));
      case "LOG10" -> a -> Math.log10(positive(real(a[0])));
      default -> null;
    };
  }

  private static int whole(Object value) {
    return (int) Casts.whole(value, PgType.INT4);
  }

  private static double real(Object value) {
    return ((Number) value).doubleValue();
  }

  private static double positive(double value) {
    if (value <= 0) {
      throw new SqlProblem("2201E", "cannot take logarithm of a number that is not positive");
    }
    return value;
  }

  private static double root(double value) {
    if (value < 0) {
      throw new SqlProblem("2201F", "cannot take square root of a negative number");
    }
    return Math.sqrt(value);
  }

  /** Calcite writes a square root as a power, too. */
  private static double power(double base, double exponent) {
    if (base < 0 && exponent == 0.5) {
      throw new SqlProblem("2201F", "cannot take square root of a negative number");
    }
    if (base < 0 && exponent != Math.rint(exponent)) {
      throw new SqlProblem(
          "2201F", "a negative number raised to a non-integer power yields a complex result");
    }
    if (base == 0 && exponent < 0) {
      throw new SqlProblem("2201F", "zero raised to a negative power is undefined");
    }
    return Math.pow(base, exponent);
  }

  private static int octets(Object value) {
    return value instanceof byte[] bytes
        ? bytes.length
        : value.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }

  private static Object concat(Object[] args) {
    if (args[0] instanceof byte[] a && args[1] instanceof byte[] b) {
      var joined = java.util.Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, joined, a.length, b.length);
      return joined;
    }
    return args[0].toString().concat(args[1].toString());
  }

  private static String initcap(String text) {
    var result = new StringBuilder(text.length());
    var start = true;
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      result.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
      start = !Character.isLetterOrDigit(c);
    }
    return result.toString();
  }

  private static Object abs(Number value) {
    return switch (value) {
      case Double real -> Math.abs(real);
      case BigDecimal exact -> exact.abs();
      case Integer whole when whole != Integer.MIN_VALUE -> Math.abs(whole);
      case Long whole when whole != Long.MIN_VALUE -> Math.abs(whole);
      default -> throw new SqlProblem(SqlState.NUMERIC_OUT_OF_RANGE, "value out of range");
    };
  }

  private static Object sign(Number value) {
    return switch (value) {
      case Double real -> Math.signum(real);
      case BigDecimal exact -> BigDecimal.valueOf(exact.signum());
      case Integer whole -> Integer.signum(whole);
      default -> (long) Long.signum(value.longValue());
    };
  }
}
