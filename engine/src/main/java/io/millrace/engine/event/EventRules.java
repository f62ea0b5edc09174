package io.millrace.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the values of an event must be, whichever door they come through: what passes here can be
 * written in every format, read back equal, stored under every schema and shown by every door.
 */
final class EventRules {
  /** Digits of a decimal number; also how far its scale may be from zero. */
  static final int MAX_DIGITS = 1000;

  /** First instant the doors can show: 4713 BC, as in PostgreSQL. */
  static final Instant MIN_INSTANT = Instant.parse("-4712-01-01T00:00:00Z");

  /** The instant behind the last one: the year 294277. */
  static final Instant END_INSTANT = Instant.parse("+294277-01-01T00:00:00Z");

  private static final int SHOWN = 80;
  private static final int SHOWN_OF_MESSAGE = 500;

  private EventRules() {}

  /**
   * Checks an event.
   *
   * @throws InvalidEventException naming the field
   */
  static void check(RecordShape shape, Object event) {
    record(shape, event, "");
  }

  private static void record(RecordShape shape, Object record, String where) {
    var components = shape.components();
    for (var i = 0; i < components.size(); i++) {
      var component = components.get(i);
      if (component.free()) {
        continue;
      }
      var value = shape.get(record, i);
      if (value != null) {
        value(component.shape(), value, where, component.name());
      } else if (component.required()) {
        throw wrong(where + component.name(), "must not be null");
      }
    }
  }

  private static void value(Shape shape, Object value, String where, String name) {
    switch (shape) {
      case Shape.One one -> {
        var problem = problem(one, value);
        if (problem != null) {
          throw wrong(where + name, problem);
        }
      }
      case Shape.Choice choice -> {
        if (!choice.type().isInstance(value)) {
          throw wrong(where + name, "must be " + choice.text());
        }
      }
      case Shape.Many many -> elements(many, value, where + name);
      case Shape.Table table -> entries(table, value, where + name);
      case RecordShape record -> {
        if (!record.type().isInstance(value)) {
          throw wrong(where + name, "must be " + record.text());
        }
        record(record, value, where + name + ".");
      }
    }
  }

  private static void elements(Shape.Many many, Object value, String where) {
    if (!(many.isSet() ? value instanceof Set<?> : value instanceof List<?>)) {
      throw wrong(where, "must be " + many.text());
    }
    var at = 0;
    for (var element : (Collection<?>) value) {
      var place = "[" + at++ + "]";
      if (element == null) {
        throw wrong(where + place, "must not be null");
      }
      value(many.element(), element, where, place);
    }
  }

  private static void entries(Shape.Table table, Object value, String where) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(where, "must be " + table.text());
    }
    for (var entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw wrong(where, "must have text keys");
      }
      var problem = textProblem(key);
      if (problem != null) {
        throw wrong(where, "has a key that " + problem + ": " + shortened(key));
      }
      var held = entry.getValue();
      if (held == null) {
        throw wrong(where + "." + key, "must not be null");
      }
      value(table.value(), held, where + ".", key);
    }
  }

  /** What is wrong with a single value, or null. */
  private static @Nullable String problem(Shape.One one, Object value) {
    return switch (one) {
      case STRING -> value instanceof String text ? textProblem(text) : mismatch(one);
      case INSTANT -> value instanceof Instant at ? instantProblem(at) : mismatch(one);
      case DECIMAL -> value instanceof BigDecimal number ? decimalProblem(number) : mismatch(one);
      case LONG -> value instanceof Long ? null : mismatch(one);
      case INT -> value instanceof Integer ? null : mismatch(one);
      case SHORT -> value instanceof Short ? null : mismatch(one);
      case BYTE -> value instanceof Byte ? null : mismatch(one);
      case DOUBLE -> value instanceof Double ? null : mismatch(one);
      case FLOAT -> value instanceof Float ? null : mismatch(one);
      case BOOLEAN -> value instanceof Boolean ? null : mismatch(one);
      case BYTES -> value instanceof byte[] ? null : mismatch(one);
      case UUID -> value instanceof UUID ? null : mismatch(one);
    };
  }

  private static String mismatch(Shape.One one) {
    return "must be " + one.text();
  }

  /** What is wrong with a text, or null: half a surrogate pair is no character. */
  static @Nullable String textProblem(String text) {
    var length = text.length();
    for (var i = 0; i < length; i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == length
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return "holds half a surrogate pair at index=" + i;
        }
        i++;
      }
    }
    return null;
  }

  private static @Nullable String instantProblem(Instant at) {
    return at.isBefore(MIN_INSTANT) || !at.isBefore(END_INSTANT)
        ? "must be an instant of the years -4712 to 294276, not " + at
        : null;
  }

  /** What is wrong with a decimal number, or null. */
  static @Nullable String decimalProblem(BigDecimal number) {
    return number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > MAX_DIGITS
        ? "must have at most "
            + MAX_DIGITS
            + " digits and a scale of at most "
            + MAX_DIGITS
            + ", not "
            + number.precision()
            + " and "
            + number.scale()
        : null;
  }

  /** An error about a field. */
  static InvalidEventException wrong(String field, String what) {
    var name = shortened(field);
    return new InvalidEventException("field '" + name + "' " + what, name);
  }

  /** A text of a client for a message: not long, and never half a character. */
  static String shortened(String text) {
    return shortened(text, SHOWN);
  }

  /** What the code of a module said about a value. */
  static String message(RuntimeException refused) {
    return shortened(String.valueOf(refused.getMessage()), SHOWN_OF_MESSAGE);
  }

  private static String shortened(String text, int most) {
    var cut = text.length() > most ? text.substring(0, most) + "..." : text;
    // Through bytes, half a surrogate pair becomes a question mark.
    return textProblem(cut) == null ? cut : new String(cut.getBytes(UTF_8), UTF_8);
  }
}
