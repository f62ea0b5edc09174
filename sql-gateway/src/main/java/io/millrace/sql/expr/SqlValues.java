package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Order and equality of values; text by code point, as its UTF-8 bytes sort. */
public final class SqlValues {
  private static final long OBJECT_BYTES = 16;

  private SqlValues() {}

  /** Compares two values of comparable types, neither null. */
  public static int compare(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    if (a instanceof String x && b instanceof String y) {
      return compareText(x, y);
    }
    if (a instanceof Integer x && b instanceof Integer y) {
      return Integer.compare(x, y);
    }
    if (a instanceof Number x && b instanceof Number y) {
      return compareNumbers(x, y);
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return Boolean.compare(x, y);
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.compareUnsigned(x, y);
    }
    throw new SqlProblem(
        SqlState.DATATYPE_MISMATCH, "cannot compare " + word(a) + " with " + word(b));
  }

  private static String word(Object value) {
    return switch (value) {
      case Boolean ignored -> "a boolean";
      case Number ignored -> "a number";
      case byte[] ignored -> "bytes";
      default -> "text";
    };
  }

  /** Code point order, without decoding where no surrogate is involved. */
  public static int compareText(String a, String b) {
    var limit = Math.min(a.length(), b.length());
    for (int i = 0; i < limit; i++) {
      var x = a.charAt(i);
      var y = b.charAt(i);
      if (x != y) {
        if (Character.isSurrogate(x) != Character.isSurrogate(y)) {
          return Character.isSurrogate(x) ? 1 : -1;
        }
        return x - y;
      }
    }
    return a.length() - b.length();
  }

  private static int compareNumbers(Number a, Number b) {
    if (isReal(a) || isReal(b)) {
      var x = a.doubleValue();
      var y = b.doubleValue();
      return x == y ? 0 : Double.compare(x, y);
    }
    if (a instanceof BigDecimal || b instanceof BigDecimal) {
      return decimal(a).compareTo(decimal(b));
    }
    return Long.compare(a.longValue(), b.longValue());
  }

  private static boolean isReal(Number number) {
    return number instanceof Double || number instanceof Float;
  }

  /** Any number as an exact one. */
  public static BigDecimal decimal(Object number) {
    return switch (number) {
      case BigDecimal exact -> exact;
      case BigInteger whole -> new BigDecimal(whole);
      case Double real -> BigDecimal.valueOf(real);
      case Float real -> new BigDecimal(real.toString());
      default -> BigDecimal.valueOf(((Number) number).longValue());
    };
  }

  /**
   * A value in the form used as a hash key: equal values have equal keys within one column type.
   */
  public static Object key(@Nullable Object value) {
    return switch (value) {
      case null -> NullKey.NULL;
      case Integer number -> (long) number;
      case Double number -> number == 0.0 ? (Object) 0.0 : number;
      case BigDecimal number -> number.stripTrailingZeros();
      case byte[] bytes -> new BytesKey(bytes);
      default -> value;
    };
  }

  /** The key of a null. */
  public enum NullKey {
    /** The only one. */
    NULL
  }

  /** Bytes by content. */
  public record BytesKey(byte[] bytes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof BytesKey(byte[] theirs) && Arrays.equals(bytes, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /** Several key parts. */
  public record RowKey(Object[] parts) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof RowKey(Object[] theirs) && Arrays.equals(parts, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(parts);
    }
  }

  /** Rough heap size of a row that is kept. */
  public static long rowBytes(@Nullable Object[] row, int width) {
    long bytes = OBJECT_BYTES + 4L * width;
    for (int i = 0; i < width; i++) {
      bytes += valueBytes(row[i]);
    }
    return bytes;
  }

  /** Rough heap size of a value. */
  public static long valueBytes(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case Boolean ignored -> 0;
      case String text -> 40 + text.length();
      case byte[] bytes -> OBJECT_BYTES + bytes.length;
      case BigDecimal ignored -> 64;
      default -> OBJECT_BYTES;
    };
  }
}
