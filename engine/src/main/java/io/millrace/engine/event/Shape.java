package io.millrace.engine.event;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types a component of an event may have. */
sealed interface Shape permits Shape.One, Shape.Choice, Shape.Many, Shape.Table, RecordShape {

  /** Name for messages. */
  String text();

  /** Single values. */
  enum One implements Shape {
    LONG("integer"),
    INT("32-bit integer"),
    SHORT("16-bit integer"),
    BYTE("8-bit integer"),
    DOUBLE("number"),
    FLOAT("number"),
    BOOLEAN("boolean"),
    STRING("text"),
    BYTES("base64 text"),
    UUID("uuid"),
    INSTANT("timestamp (ISO-8601 text or ms since the epoch)"),
    DECIMAL("decimal");

    private final String text;

    One(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /** An enum constant, written by name. */
  record Choice(Class<?> type, Map<String, Object> constants) implements Shape {
    @Override
    public String text() {
      return "one of " + String.join(", ", constants.keySet());
    }
  }

  /** A list, or a set that keeps its order. */
  record Many(Shape element, boolean isSet) implements Shape {
    @Override
    public String text() {
      return "array";
    }
  }

  /** A map with text keys. */
  record Table(Shape value) implements Shape {
    @Override
    public String text() {
      return "object";
    }
  }

  /** The shape of a Java type. */
  static Shape of(Type type, String where) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new Many(of(arguments[0], where + "[]"), false);
      }
      if (generic.getRawType() == Set.class) {
        return new Many(of(arguments[0], where + "[]"), true);
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new Table(of(arguments[1], where + ".*"));
      }
    }
    if (type instanceof Class<?> raw) {
      if (raw.isRecord()) {
        return RecordShape.of(raw);
      }
      if (raw.isEnum()) {
        return choice(raw);
      }
      var one = one(raw);
      if (one != null) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "component "
            + where
            + " has type "
            + type.getTypeName()
            + "; events are made of numbers, text, booleans, byte[], UUID, Instant, BigDecimal,"
            + " enums, records, List, Set and Map<String, ...> of these");
  }

  private static Choice choice(Class<?> raw) {
    var constants = new java.util.LinkedHashMap<String, Object>();
    for (var constant : raw.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), constant);
    }
    return new Choice(raw, constants);
  }

  private static @Nullable One one(Class<?> raw) {
    if (raw == long.class || raw == Long.class) {
      return One.LONG;
    }
    if (raw == int.class || raw == Integer.class) {
      return One.INT;
    }
    if (raw == double.class || raw == Double.class) {
      return One.DOUBLE;
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return One.BOOLEAN;
    }
    if (raw == String.class) {
      return One.STRING;
    }
    if (raw == short.class || raw == Short.class) {
      return One.SHORT;
    }
    if (raw == byte.class || raw == Byte.class) {
      return One.BYTE;
    }
    if (raw == float.class || raw == Float.class) {
      return One.FLOAT;
    }
    if (raw == byte[].class) {
      return One.BYTES;
    }
    if (raw == UUID.class) {
      return One.UUID;
    }
    if (raw == Instant.class) {
      return One.INSTANT;
    }
    return raw == BigDecimal.class ? One.DECIMAL : null;
  }
}
