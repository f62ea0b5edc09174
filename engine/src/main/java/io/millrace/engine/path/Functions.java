package io.millrace.engine.path;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The built-in functions.
 *
 * <ul>
 *   <li>{@code plus n}, {@code minus n}, {@code times n}, {@code inc}, {@code dec}, {@code negate},
 *       {@code abs}, {@code min n}, {@code max n}: numbers; null counts as 0, for {@code min} and
 *       {@code max} as absent; an overflow is an error
 *   <li>{@code not}: booleans; null counts as false
 *   <li>{@code upper}, {@code lower}, {@code trim}, {@code concat text}: text; null counts as empty
 *   <li>{@code size}: characters of text, bytes, or elements; null counts as empty
 * </ul>
 */
public final class Functions {
  private static final Map<String, Integer> ARITY =
      Map.ofEntries(
          Map.entry("plus", 1),
          Map.entry("minus", 1),
          Map.entry("times", 1),
          Map.entry("min", 1),
          Map.entry("max", 1),
          Map.entry("inc", 0),
          Map.entry("dec", 0),
          Map.entry("negate", 0),
          Map.entry("abs", 0),
          Map.entry("not", 0),
          Map.entry("upper", 0),
          Map.entry("lower", 0),
          Map.entry("trim", 0),
          Map.entry("concat", 1),
          Map.entry("size", 0));

  private Functions() {}

  static void check(String name, int arguments) {
    var arity = ARITY.get(name);
    if (arity == null) {
      throw new PathException(
          "no function "
              + name
              + "; there are "
              + String.join(", ", ARITY.keySet().stream().sorted().toList()));
    }
    if (arity != arguments) {
      throw new PathException(
          "function " + name + " takes " + arity + " arguments, got " + arguments);
    }
  }

  static @Nullable Object apply(String name, @Nullable Object value, List<Object> arguments) {
    try {
      return switch (name) {
        case "plus", "minus", "times", "min", "max" ->
            binary(name, value, (Number) arguments.getFirst());
        case "inc" -> binary("plus", value, one(value));
        case "dec" -> binary("minus", value, one(value));
        case "negate" -> binary("times", value, minusOne(value));
        case "abs" -> abs(value);
        case "not" -> value == null || !((Boolean) value);
        case "upper" -> text(value).toUpperCase(Locale.ROOT);
        case "lower" -> text(value).toLowerCase(Locale.ROOT);
        case "trim" -> text(value).strip();
        case "concat" -> text(value) + arguments.getFirst();
        case "size" -> size(value);
        default -> throw new PathException("no function " + name);
      };
    } catch (ArithmeticException e) {
      throw new PathException("function " + name + " overflows on value=" + value);
    } catch (ClassCastException e) {
      throw new PathException(
          "function " + name + " does not take value=" + value + " with " + arguments);
    }
  }

  private static Number one(@Nullable Object value) {
    return value instanceof Integer ? (Number) 1 : value instanceof Double ? (Number) 1.0 : 1L;
  }

  private static Number minusOne(@Nullable Object value) {
    return value instanceof Integer
        ? (Number) (-1)
        : value instanceof Double ? (Number) (-1.0) : -1L;
  }

  private static Number binary(String name, @Nullable Object value, Number other) {
    if (value == null) {
      return switch (name) {
        case "minus" -> binary("times", other, minusOne(other));
        case "times" -> binary("minus", other, other);
        default -> other;
      };
    }
    if (value instanceof Double || other instanceof Double) {
      var a = ((Number) value).doubleValue();
      var b = other.doubleValue();
      return switch (name) {
        case "plus" -> a + b;
        case "minus" -> a - b;
        case "times" -> a * b;
        case "min" -> Math.min(a, b);
        default -> Math.max(a, b);
      };
    }
    var result = whole(name, ((Number) value).longValue(), other.longValue());
    return value instanceof Integer && other instanceof Integer
        ? (Number) Math.toIntExact(result)
        : (Number) result;
  }

  private static long whole(String name, long a, long b) {
    return switch (name) {
      case "plus" -> Math.addExact(a, b);
      case "minus" -> Math.subtractExact(a, b);
      case "times" -> Math.multiplyExact(a, b);
      case "min" -> Math.min(a, b);
      default -> Math.max(a, b);
    };
  }

  private static @Nullable Object abs(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Integer v -> Math.absExact(v);
      case Long v -> Math.absExact(v);
      default -> Math.abs((Double) value);
    };
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : (String) value;
  }

  private static long size(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case String text -> text.codePointCount(0, text.length());
      case byte[] bytes -> bytes.length;
      case Collection<?> collection -> collection.size();
      case Map<?, ?> map -> map.size();
      default -> throw new ClassCastException();
    };
  }
}
