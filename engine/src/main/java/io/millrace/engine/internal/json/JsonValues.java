package io.millrace.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.engine.event.Names;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON and back. JSON knows fewer types: UUIDs and instants are text (ISO 8601), byte
 * arrays Base64, sets arrays, records objects; map keys are the text of the key, or, where keys are
 * records, the map is an array of {@code [key, value]}.
 */
public final class JsonValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ClassValue<List<Component>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
          var components = new ArrayList<Component>();
          for (RecordComponent component : type.getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            components.add(
                new Component(Names.snakeCase(component.getName()), component.getAccessor()));
          }
          return List.copyOf(components);
        }
      };

  private JsonValues() {}

  private record Component(String name, Method accessor) {
    @Nullable Object get(Record record) {
      try {
        return accessor.invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
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
      case UUID v -> NODES.textNode(v.toString());
      case Instant v -> NODES.textNode(v.toString());
      case byte[] v -> NODES.textNode(Base64.getEncoder().encodeToString(v));
      case Map<?, ?> v -> map(v);
      case Collection<?> v -> {
        var array = NODES.arrayNode(v.size());
        v.forEach(element -> array.add(node(element)));
        yield array;
      }
      case Record v -> {
        var object = NODES.objectNode();
        COMPONENTS
            .get(v.getClass())
            .forEach(component -> object.set(component.name(), node(component.get(v))));
        yield object;
      }
      default ->
          throw new IllegalArgumentException("not a value: " + value.getClass().getSimpleName());
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

  /**
   * A JSON tree as null, Boolean, Long, Double, String, List and Map.
   *
   * @throws IllegalArgumentException when an integer does not fit 64 bits
   */
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
          throw new IllegalArgumentException("integer does not fit 64 bits: " + node);
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
}
