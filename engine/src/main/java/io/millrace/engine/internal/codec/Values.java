package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.pstate.SetSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Java values under a schema: check and widen, compare, name. */
public final class Values {
  private Values() {}

  /**
   * The value in the carriers of its schema: integers widened, collections copied in key order,
   * records built. Null is always allowed, except in keys and primitive components.
   *
   * @throws SchemaException when the value does not fit; the message names both types and the place
   */
  public static @Nullable Object normalize(Schema schema, @Nullable Object value) {
    return normalize(schema, value, "");
  }

  private static @Nullable Object normalize(Schema schema, @Nullable Object value, String where) {
    if (value == null) {
      return null;
    }
    return switch (schema) {
      case Scalar scalar -> scalar(scalar, value, where);
      case MapSchema map -> map(map, value, where);
      case SetSchema set -> set(set, value, where);
      case ListSchema list -> list(list, value, where);
      case RecordSchema record -> record(record, value, where);
    };
  }

  /** The same for a key, which is never null and has no null part. */
  public static Object normalizeKey(Schema schema, @Nullable Object key) {
    return normalizeKey(schema, key, "");
  }

  private static Object normalizeKey(Schema schema, @Nullable Object key, String where) {
    var normal = normalize(schema, key, where);
    if (normal == null) {
      throw SchemaException.mismatch(where, "a key of type " + schema, "null");
    }
    if (schema instanceof RecordSchema record) {
      var shape = RecordLayout.of(record);
      for (var i = 0; i < record.fields().size(); i++) {
        if (shape.get(normal, i) == null) {
          var field = record.fields().get(i);
          throw SchemaException.mismatch(
              where + "." + field.name(), "a key part of type " + field.schema(), "null");
        }
      }
    }
    return normal;
  }

  private static Object scalar(Scalar scalar, Object value, String where) {
    return switch (scalar) {
      case LONG ->
          switch (value) {
            case Long v -> v;
            case Integer v -> (long) v;
            case Short v -> (long) v;
            case Byte v -> (long) v;
            default -> throw misfit(scalar, value, where);
          };
      case INT ->
          switch (value) {
            case Integer v -> v;
            case Short v -> (int) v;
            case Byte v -> (int) v;
            default -> throw misfit(scalar, value, where);
          };
      case DOUBLE ->
          switch (value) {
            case Double v -> v;
            case Float v -> (double) v;
            case Integer v -> (double) v;
            case Short v -> (double) v;
            case Byte v -> (double) v;
            default -> throw misfit(scalar, value, where);
          };
      case INSTANT -> value instanceof Instant v ? instant(v, where) : refuse(scalar, value, where);
      case STRING ->
          value instanceof Enum<?> constant ? constant.name() : carried(scalar, value, where);
      case BOOLEAN, BYTES, UUID -> carried(scalar, value, where);
      case ANY -> any(value, where, 0);
    };
  }

  /** An instant as it is stored, in milliseconds. */
  static Instant instant(Instant value, String where) {
    try {
      return Instant.ofEpochMilli(value.toEpochMilli());
    } catch (ArithmeticException e) {
      throw SchemaException.mismatch(
          where, "an instant whose milliseconds fit 64 bits", value.toString());
    }
  }

  private static Object carried(Scalar scalar, Object value, String where) {
    return scalar.carrier().isInstance(value) ? value : refuse(scalar, value, where);
  }

  private static Object refuse(Schema schema, Object value, String where) {
    throw misfit(schema, value, where);
  }

  private static SchemaException misfit(Schema schema, Object value, String where) {
    return SchemaException.mismatch(where, schema.toString(), typeName(value));
  }

  private static Object any(Object value, String where, int depth) {
    if (depth > AnyCodec.MAX_DEPTH) {
      throw SchemaException.mismatch(
          text(where), "a value nested at most " + AnyCodec.MAX_DEPTH + " deep", "a deeper one");
    }
    return switch (value) {
      case Boolean _, Long _, Double _, String _, byte[] _, UUID _ -> value;
      case Integer v -> (long) v;
      case Short v -> (long) v;
      case Byte v -> (long) v;
      case Float v -> (double) v;
      case Instant v -> instant(v, where);
      case Enum<?> v -> v.name();
      case List<?> v -> {
        var copy = new ArrayList<@Nullable Object>(v.size());
        for (var element : v) {
          copy.add(
              element == null ? null : any(element, where + "[" + copy.size() + "]", depth + 1));
        }
        yield Collections.unmodifiableList(copy);
      }
      case Map<?, ?> v -> {
        var copy = new TreeMap<String, @Nullable Object>(KeyOrder::codePoints);
        for (var entry : v.entrySet()) {
          if (!(entry.getKey() instanceof String name)) {
            throw SchemaException.mismatch(where, "a text key", typeName(entry.getKey()));
          }
          var element = entry.getValue();
          copy.put(name, element == null ? null : any(element, where + "." + name, depth + 1));
        }
        yield Collections.unmodifiableSortedMap(copy);
      }
      default -> throw misfit(Scalar.ANY, value, where);
    };
  }

  private static Object map(MapSchema schema, Object value, String where) {
    if (!(value instanceof Map<?, ?> source)) {
      throw misfit(schema, value, where);
    }
    var copy = new TreeMap<Object, @Nullable Object>(KeyOrder.of(schema.key()));
    for (var entry : source.entrySet()) {
      var key = normalizeKey(schema.key(), entry.getKey(), where + " key");
      copy.put(key, normalize(schema.value(), entry.getValue(), where + "[" + text(key) + "]"));
    }
    return Collections.unmodifiableSortedMap(copy);
  }

  private static Object set(SetSchema schema, Object value, String where) {
    if (!(value instanceof Collection<?> source) || value instanceof List) {
      throw misfit(schema, value, where);
    }
    var copy = new TreeSet<Object>(KeyOrder.of(schema.element()));
    for (var element : source) {
      copy.add(normalizeKey(schema.element(), element, where + " element"));
    }
    return Collections.unmodifiableSortedSet(copy);
  }

  private static Object list(ListSchema schema, Object value, String where) {
    if (!(value instanceof List<?> source)) {
      throw misfit(schema, value, where);
    }
    var copy = new ArrayList<@Nullable Object>(source.size());
    for (var element : source) {
      copy.add(normalize(schema.element(), element, where + "[" + copy.size() + "]"));
    }
    return Collections.unmodifiableList(copy);
  }

  private static Object record(RecordSchema schema, Object value, String where) {
    var shape = RecordLayout.of(schema);
    var fields = schema.fields();
    var values = new @Nullable Object[fields.size()];
    if (value instanceof Map<?, ?> source) {
      for (var entry : source.entrySet()) {
        var index = entry.getKey() instanceof String name ? schema.indexOf(name) : -1;
        if (index < 0) {
          throw new SchemaException(
              schema
                  + (where.isEmpty() ? "" : " at " + where)
                  + " has no field "
                  + text(entry.getKey()));
        }
        values[index] = entry.getValue();
      }
    } else if (shape.fits(value)) {
      for (var i = 0; i < values.length; i++) {
        values[i] = shape.get(value, i);
      }
    } else {
      throw misfit(schema, value, where);
    }
    for (var i = 0; i < values.length; i++) {
      var field = fields.get(i);
      values[i] = normalize(field.schema(), values[i], where + "." + field.name());
    }
    return build(shape, values, where);
  }

  private static Object build(RecordLayout shape, @Nullable Object[] values, String where) {
    try {
      return shape.build(values);
    } catch (SchemaException e) {
      throw new SchemaException(e.getMessage() + (where.isEmpty() ? "" : " at " + where));
    }
  }

  /** What a value is, for messages. */
  public static String typeName(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Long _ -> "long";
      case Integer _ -> "int";
      case Double _ -> "double";
      case Boolean _ -> "boolean";
      case String _ -> "string";
      case byte[] _ -> "bytes";
      case UUID _ -> "uuid";
      case Instant _ -> "instant";
      case Map<?, ?> _ -> "map";
      case List<?> _ -> "list";
      case Collection<?> _ -> "set";
      default -> value.getClass().getSimpleName();
    };
  }

  /** A short text of a value, for messages. */
  public static String text(@Nullable Object value) {
    var text =
        value instanceof byte[] bytes
            ? java.util.HexFormat.of().formatHex(bytes)
            : value instanceof String string ? "\"" + string + "\"" : String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  /** Equality by content, byte arrays included. */
  public static boolean equal(@Nullable Object a, @Nullable Object b) {
    return switch (a) {
      case null -> b == null;
      case byte[] x -> b instanceof byte[] y && java.util.Arrays.equals(x, y);
      case List<?> x -> b instanceof List<?> y && sequence(x, y);
      case Collection<?> x ->
          b instanceof Collection<?> y && !(b instanceof List) && sequence(x, y);
      case Map<?, ?> x ->
          b instanceof Map<?, ?> y
              && sequence(x.keySet(), y.keySet())
              && sequence(x.values(), y.values());
      default -> a.equals(b);
    };
  }

  private static boolean sequence(Collection<?> a, Collection<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    var other = b.iterator();
    for (var element : a) {
      if (!equal(element, other.next())) {
        return false;
      }
    }
    return true;
  }
}
