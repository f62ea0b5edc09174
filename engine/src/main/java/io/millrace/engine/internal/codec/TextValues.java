package io.millrace.engine.internal.codec;

import io.millrace.engine.internal.json.JsonValues;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.pstate.SetSchema;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values that came from JSON, typed by a schema: see {@link JsonValues} for the JSON of types. */
public final class TextValues {
  private TextValues() {}

  /** A value as JSON text. */
  public static String json(@Nullable Object value) {
    return JsonValues.node(value).toString();
  }

  /**
   * A value that came from JSON in the carriers of a schema; what JSON has no type for is read from
   * text. Java values that fit already stay as they are.
   *
   * @throws SchemaException when it does not fit
   */
  public static @Nullable Object typed(Schema schema, @Nullable Object value) {
    return Values.normalize(schema, value == null ? null : convert(schema, value));
  }

  /** The same for a key. */
  public static Object typedKey(Schema schema, @Nullable Object key) {
    return Values.normalizeKey(schema, key == null ? null : convert(schema, key));
  }

  private static Object convert(Schema schema, Object value) {
    return switch (schema) {
      case Scalar scalar -> scalar(scalar, value);
      case MapSchema map -> map(map, value);
      case SetSchema set -> {
        if (!(value instanceof Collection<?> source)) {
          yield value;
        }
        var elements = new LinkedHashSet<Object>();
        source.forEach(element -> elements.add(typedKey(set.element(), element)));
        yield elements;
      }
      case ListSchema list -> {
        if (!(value instanceof List<?> source)) {
          yield value;
        }
        var elements = new ArrayList<@Nullable Object>(source.size());
        source.forEach(element -> elements.add(orNull(list.element(), element)));
        yield elements;
      }
      case RecordSchema record -> record(record, value);
    };
  }

  private static @Nullable Object orNull(Schema schema, @Nullable Object value) {
    return value == null ? null : convert(schema, value);
  }

  private static Object map(MapSchema schema, Object value) {
    var map = new LinkedHashMap<Object, @Nullable Object>();
    if (value instanceof Map<?, ?> source) {
      source.forEach((key, element) ->
          map.put(
              key instanceof String text ? key(schema.key(), text) : key,
              orNull(schema.value(), element)));
      return map;
    }
    if (value instanceof List<?> pairs) {
      for (var pair : pairs) {
        if (!(pair instanceof List<?> both) || both.size() != 2) {
          return value;
        }
        map.put(typedKey(schema.key(), both.getFirst()), orNull(schema.value(), both.getLast()));
      }
      return map;
    }
    return value;
  }

  /** A map key written as the name of a JSON member. */
  private static Object key(Schema schema, String text) {
    try {
      return switch (schema) {
        case Scalar scalar ->
            switch (scalar) {
              case LONG -> Long.valueOf(text);
              case INT -> Integer.valueOf(text);
              case DOUBLE -> Double.valueOf(text);
              case BOOLEAN -> text.equals("true") || !text.equals("false") && refuse(schema, text);
              case STRING, BYTES, UUID, INSTANT, ANY -> scalar(scalar, text);
            };
        case RecordSchema _, MapSchema _, SetSchema _, ListSchema _ -> text;
      };
    } catch (NumberFormatException e) {
      return refuse(schema, text);
    }
  }

  private static boolean refuse(Schema schema, String text) {
    throw SchemaException.mismatch("", schema.toString(), "\"" + text + "\"");
  }

  private static Object record(RecordSchema schema, Object value) {
    if (value instanceof List<?> parts && parts.size() == schema.fields().size()) {
      var fields = new LinkedHashMap<String, @Nullable Object>();
      for (var i = 0; i < parts.size(); i++) {
        var field = schema.fields().get(i);
        fields.put(field.name(), orNull(field.schema(), parts.get(i)));
      }
      return fields;
    }
    if (value instanceof Map<?, ?> source) {
      var fields = new LinkedHashMap<Object, @Nullable Object>();
      source.forEach((name, element) -> {
        var index = name instanceof String text ? schema.indexOf(text) : -1;
        fields.put(
            name, index < 0 ? element : orNull(schema.fields().get(index).schema(), element));
      });
      return fields;
    }
    return value;
  }

  private static Object scalar(Scalar scalar, Object value) {
    try {
      return switch (value) {
        case Long v when scalar == Scalar.INT && v == v.intValue() -> v.intValue();
        case Long v when scalar == Scalar.DOUBLE && v == (long) (double) v -> (double) v;
        case Long v when scalar == Scalar.INSTANT -> Instant.ofEpochMilli(v);
        case String v when scalar == Scalar.INSTANT -> Instant.parse(v);
        case String v when scalar == Scalar.UUID -> UUID.fromString(v);
        case String v when scalar == Scalar.BYTES -> Base64.getDecoder().decode(v);
        case String v
            when scalar == Scalar.DOUBLE
                && (v.equals("NaN") || v.equals("Infinity") || v.equals("-Infinity")) ->
            Double.valueOf(v);
        default -> value;
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      throw SchemaException.mismatch("", scalar.toString(), Values.text(value));
    }
  }
}
