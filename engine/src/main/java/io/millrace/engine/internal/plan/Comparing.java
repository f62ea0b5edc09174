package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.KeyOrder;
import io.millrace.engine.internal.codec.Values;
import io.millrace.engine.path.Navigator.Comparison;
import io.millrace.engine.path.PathException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Comparison filters. */
final class Comparing {
  private Comparing() {}

  static boolean holds(Comparison comparison, @Nullable Object value, @Nullable Object other) {
    if (comparison == Comparison.EQUAL || comparison == Comparison.NOT_EQUAL) {
      return equal(value, other) == (comparison == Comparison.EQUAL);
    }
    return value != null && other != null && comparison.holds(order(value, other));
  }

  private static boolean equal(@Nullable Object a, @Nullable Object b) {
    return a instanceof Number x && b instanceof Number y ? numbers(x, y) == 0 : Values.equal(a, b);
  }

  private static int order(Object a, Object b) {
    return switch (a) {
      case Number x when b instanceof Number y -> numbers(x, y);
      case String x when b instanceof String y -> KeyOrder.codePoints(x, y);
      case Boolean x when b instanceof Boolean y -> Boolean.compare(x, y);
      case Instant x when b instanceof Instant y -> x.compareTo(y);
      case byte[] x when b instanceof byte[] y -> Arrays.compareUnsigned(x, y);
      case UUID x when b instanceof UUID y -> KeyOrder.uuids(x, y);
      default ->
          throw new PathException(
              "cannot order " + Values.typeName(a) + " and " + Values.typeName(b));
    };
  }

  private static int numbers(Number a, Number b) {
    return a instanceof Double || b instanceof Double
        ? Double.compare(a.doubleValue(), b.doubleValue())
        : Long.compare(a.longValue(), b.longValue());
  }
}
