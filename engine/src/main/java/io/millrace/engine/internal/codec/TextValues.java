package io.millrace.engine.internal.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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

/**
 * Values as JSON and back. JSON knows fewer types: UUIDs and instants are text (ISO 8601), byte
 * arrays Base64, sets arrays, records objects; map keys are the canonical text of the key, or,
 * where keys are records, the map is an array of {@code [key, value]}. A schema brings the types
 * back.
 */
public final class TextValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private TextValues() {}

  /** A value as JSON text. */
  public static String json(@Nullable Object value) {
    return node(value).toString();
  }

  /** A value as a JSON tree. */
  public static JsonNode node(@Nullable Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case Boolean v -> NODES.booleanNode(v);
      case Long v -> NODES.numberNode(v);
      case Integer v -> NODES.numberNode(v);
      case Short v -> NODES.numberNode(v);
      case Byte v -> NODES.numberNode(v);
      case Float v -> node((double) v);
      case Double v -> Double.isFinite(v) ? NODES.numberNode(v) : NODES.textNode(v.toString());
      case String v -> NODES.textNode(v);
      case Enum<?> v -> NODES.textNode(v.name());
      case UUID _, Instant _ -> NODES.textNode(value.toString());
      case byte[] v -> NODES.textNode(Base64.getEncoder().encodeToString(v));
      case Map<?, ?> v -> map(v);
      case Collection<?> v -> {
        var array = NODES.arrayNode(v.size());
        v.forEach(element -> array.add(node(element)));
        yield array;
      }
      case Record v -> {
        var schema = Schema.of(v.getClass());
        var shape = RecordShape.of(schema);
        var object = NODES.objectNode();
        for (var i = 0; i < schema.fields().size(); i++) {
          object.set(schema.fields().get(i).name(), node(shape.get(v, i)));
        }
        yield object;
      }
      default -> throw new IllegalArgumentException("not a value: " + Values.typeName(value));
    };
  }

  private static JsonNode map(Map<?, ?> map) {
    for (var key : map.keySet()) {
      if (key instanceof Record || key instanceof Map) {
        var pairs = NODES.arrayNode(map.size());
        map.forEach((k, v) -> pairs.addArray().add(node(k)).add(node(v)));
        return pairs;
      }
    }
    var object = NODES.objectNode();
    map.forEach((key, value) -> object.set(node(key).asText(), node(value)));
    return object;
  }

  /** A JSON tree in the carriers of schema any. */
  public static @Nullable Object plain(JsonNode node) {
    return switch (node.getNodeType()) {
      case NULL, MISSING -> null;
      case BOOLEAN -> node.booleanValue();
      case STRING -> node.textValue();
      case NUMBER -> {
        if (!node.isIntegralNumber()) {
          yield node.doubleValue();
        }
        if (!node.canConvertToLong()) {
          throw new SchemaException("integer does not fit 64 bits: " + node);
        }
        yield node.longValue();
      }
      case ARRAY -> {
        var list = new ArrayList<@Nullable Object>(node.size());
        node.forEach(element -> list.add(plain(element)));
        yield list;
      }
      case OBJECT -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (var field : node.properties()) {
          map.put(field.getKey(), plain(field.getValue()));
        }
        yield map;
      }
      case BINARY, POJO -> throw new IllegalArgumentException("not JSON: " + node);
    };
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
