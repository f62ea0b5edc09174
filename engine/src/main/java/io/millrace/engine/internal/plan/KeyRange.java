package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.ByteWriter;
import io.millrace.engine.pstate.Scalar;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the keys of one level as bytes.
 *
 * @param low lower bound, inclusive, or null
 * @param high upper bound, or null
 * @param highInclusive whether the upper bound belongs to the range
 */
record KeyRange(byte @Nullable [] low, byte @Nullable [] high, boolean highInclusive) {
  private static final KeyRange ALL = new KeyRange(null, null, false);

  /** The bounds of each level for bounds of a prefix of the key columns. */
  static KeyRange[] of(List<TableLevel> levels, Object @Nullable [] low, Object @Nullable [] high) {
    var ranges = new KeyRange[levels.size()];
    Arrays.fill(ranges, ALL);
    var at = 0;
    for (var l = 0; l < ranges.length; l++) {
      var tree = levels.get(l).tree();
      if (tree.isList()) {
        break;
      }
      var parts = tree.keys().parts();
      var lows = values(tree, low, at);
      var highs = values(tree, high, at);
      var from = lows.length == 0 ? null : encode(tree, lows);
      var to = highs.length == 0 ? null : encode(tree, highs);
      var whole = highs.length == parts;
      ranges[l] = new KeyRange(from, to == null || whole ? to : successor(to), whole);
      if (lows.length < parts || !whole || !Arrays.equals(from, to)) {
        break;
      }
      at += parts;
    }
    return ranges;
  }

  private static Object[] values(SchemaNode tree, Object @Nullable [] bounds, int at) {
    var parts = tree.keys().parts();
    var given = bounds == null ? 0 : Math.clamp(bounds.length - (long) at, 0, parts);
    var values = new Object[given];
    for (var i = 0; i < given && bounds != null; i++) {
      var value = key(tree.keys().part(i), bounds[at + i]);
      if (value == null) {
        return Arrays.copyOf(values, i);
      }
      values[i] = value;
    }
    return values;
  }

  private static byte[] encode(SchemaNode tree, Object[] values) {
    var out = new ByteWriter(16);
    tree.keys().encodePrefix(values, values.length, out);
    return out.toBytes();
  }

  /** The least bytes above all that begin with these; null when there are none. */
  private static byte @Nullable [] successor(byte[] prefix) {
    for (var i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xFF) {
        var next = Arrays.copyOf(prefix, i + 1);
        next[i]++;
        return next;
      }
    }
    return null;
  }

  /** A column value as a key of a type; null when it cannot be one exactly. */
  static @Nullable Object key(Scalar scalar, @Nullable Object value) {
    return switch (scalar) {
      case LONG -> value instanceof Number n && whole(n) ? (Object) n.longValue() : null;
      case INT ->
          value instanceof Number n && whole(n) && n.longValue() == n.intValue()
              ? (Object) n.intValue()
              : null;
      case DOUBLE ->
          value instanceof Number n
                  && (!whole(n) || n instanceof Double || n.longValue() == (long) n.doubleValue())
              ? (Object) n.doubleValue()
              : null;
      case INSTANT ->
          switch (value) {
            case Long ms -> Instant.ofEpochMilli(ms);
            case Instant instant -> instant;
            case null, default -> null;
          };
      case UUID ->
          switch (value) {
            case UUID uuid -> uuid;
            case String text -> uuid(text);
            case null, default -> null;
          };
      case STRING -> value instanceof String ? value : null;
      case BYTES -> value instanceof byte[] ? value : null;
      case BOOLEAN -> value instanceof Boolean ? value : null;
      case ANY -> null;
    };
  }

  private static boolean whole(Number number) {
    return number instanceof Long || number instanceof Integer || number instanceof Short;
  }

  private static @Nullable Object uuid(String text) {
    try {
      return java.util.UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
