package io.millrace.engine.event;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from JSON; errors name the field.
 *
 * <p>Strictly, for what clients send: a member stands once, a uuid has its 36 characters, and a
 * number is what it says. Otherwise, for the journal: everything that ever was accepted.
 */
final class JsonEventReader {
  /** Text of a decimal: its digits, a sign, a point and an exponent. */
  private static final int MAX_DECIMAL_TEXT = EventRules.MAX_DIGITS + 20;

  private final boolean strict;

  JsonEventReader(boolean strict) {
    this.strict = strict;
  }

  Object read(String type, RecordShape shape, byte[] bytes, int offset, int length) {
    try (var json = JsonEvents.JSON.createParser(bytes, offset, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidEventException("event " + type + " must be a JSON object", null);
      }
      var event = readRecord(json, shape, "");
      if (json.nextToken() != null) {
        throw new InvalidEventException("event " + type + " is followed by more text", null);
      }
      return event;
    } catch (StreamConstraintsException e) {
      throw new InvalidEventException(
          "event " + type + " is beyond a limit: it is nested too deeply, or a number too long",
          null);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new InvalidEventException(
          "event "
              + type
              + " is not valid JSON: "
              + EventRules.shortened(e.getOriginalMessage())
              + (at == null ? "" : " at column " + at.getColumnNr()),
          null);
    } catch (InvalidEventException e) {
      throw e.field() == null
          ? new InvalidEventException("event " + type + ": " + e.getMessage(), null)
          : e;
    } catch (IOException e) {
      throw new InvalidEventException("event " + type + " is not text in UTF-8", null);
    }
  }

  private Object readRecord(JsonParser json, RecordShape shape, String where) throws IOException {
    var components = shape.components();
    var values = new @Nullable Object[components.size()];
    var seen = new boolean[values.length];
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      var at = shape.indexOf(name);
      if (at < 0) {
        throw EventRules.wrong(where + name, "is not known; known are " + shape.componentNames());
      }
      if (seen[at]) {
        throw EventRules.wrong(where + name, "stands twice");
      }
      seen[at] = true;
      json.nextToken();
      values[at] = readValue(json, components.get(at).shape(), where, name);
    }
    for (var i = 0; i < values.length; i++) {
      if (values[i] == null && components.get(i).required()) {
        throw EventRules.wrong(where + components.get(i).name(), "is missing");
      }
    }
    return shape.create(values);
  }

  private @Nullable Object readValue(JsonParser json, Shape shape, String where, String name)
      throws IOException {
    var token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    switch (shape) {
      case Shape.One one -> {
        return readOne(json, one, where + name);
      }
      case Shape.Choice choice -> {
        var constant =
            token == JsonToken.VALUE_STRING ? choice.constants().get(json.getText()) : null;
        if (constant == null) {
          throw mismatch(json, choice, where + name);
        }
        return constant;
      }
      case Shape.Many many -> {
        return readMany(json, many, where + name);
      }
      case Shape.Table table -> {
        return readTable(json, table, where + name);
      }
      case RecordShape record -> {
        if (token != JsonToken.START_OBJECT) {
          throw mismatch(json, record, where + name);
        }
        return readRecord(json, record, where + name + ".");
      }
    }
  }

  private Object readMany(JsonParser json, Shape.Many many, String where) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw mismatch(json, many, where);
    }
    var elements = new ArrayList<@Nullable Object>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      var place = "[" + elements.size() + "]";
      var element = readValue(json, many.element(), where, place);
      if (element == null) {
        throw EventRules.wrong(where + place, "must not be null");
      }
      elements.add(element);
    }
    return many.isSet()
        ? Collections.unmodifiableSet(new LinkedHashSet<>(elements))
        : Collections.unmodifiableList(elements);
  }

  private Object readTable(JsonParser json, Shape.Table table, String where) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw mismatch(json, table, where);
    }
    var entries = new LinkedHashMap<String, @Nullable Object>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var key = json.currentName();
      json.nextToken();
      var value = readValue(json, table.value(), where + ".", key);
      if (value == null) {
        throw EventRules.wrong(where + "." + key, "must not be null");
      }
      if (entries.put(key, value) != null && strict) {
        throw EventRules.wrong(where + "." + key, "stands twice");
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private static InvalidEventException mismatch(JsonParser json, Shape shape, String where)
      throws IOException {
    var token = json.currentToken();
    var got =
        switch (token) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case VALUE_STRING -> "text '" + EventRules.shortened(json.getText()) + "'";
          default -> EventRules.shortened(json.getText());
        };
    return EventRules.wrong(where, "must be " + shape.text() + ", not " + got);
  }

  private Object readOne(JsonParser json, Shape.One one, String where) throws IOException {
    var token = json.currentToken();
    try {
      switch (one) {
        case LONG, INT, SHORT, BYTE -> {
          if (token == JsonToken.VALUE_NUMBER_INT) {
            return integer(json.getLongValue(), one, where);
          }
        }
        case DOUBLE, FLOAT -> {
          if (token.isNumeric()) {
            return fraction(json, one, where);
          }
          if (token == JsonToken.VALUE_STRING) {
            return unwritable(json, one, where);
          }
        }
        case DECIMAL -> {
          if (token.isNumeric()) {
            return json.getDecimalValue();
          }
          if (token == JsonToken.VALUE_STRING
              && (!strict || json.getTextLength() <= MAX_DECIMAL_TEXT)) {
            return new BigDecimal(json.getText());
          }
        }
        case BOOLEAN -> {
          if (token.isBoolean()) {
            return json.getBooleanValue();
          }
        }
        case STRING, BYTES, UUID, INSTANT -> {
          if (token == JsonToken.VALUE_STRING) {
            return text(json.getText(), one);
          }
          if (one == Shape.One.INSTANT && token == JsonToken.VALUE_NUMBER_INT) {
            return Instant.ofEpochMilli(json.getLongValue());
          }
        }
      }
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      if (e instanceof InvalidEventException invalid) {
        throw invalid;
      }
      if (e instanceof JsonParseException || e instanceof StreamConstraintsException) {
        throw (JsonProcessingException) e;
      }
      throw mismatch(json, one, where);
    }
    throw mismatch(json, one, where);
  }

  /** A DOUBLE or FLOAT; a number too large for its type would become infinite. */
  private Object fraction(JsonParser json, Shape.One one, String where) throws IOException {
    if (one == Shape.One.DOUBLE) {
      var value = json.getDoubleValue();
      if (strict && Double.isInfinite(value)) {
        throw mismatch(json, one, where);
      }
      return value;
    }
    var value = json.getFloatValue();
    if (strict && Float.isInfinite(value)) {
      throw mismatch(json, one, where);
    }
    return value;
  }

  /** What JSON has no number for stands as text. */
  private static Object unwritable(JsonParser json, Shape.One one, String where)
      throws IOException {
    var value =
        switch (json.getText()) {
          case "NaN" -> Double.NaN;
          case "Infinity" -> Double.POSITIVE_INFINITY;
          case "-Infinity" -> Double.NEGATIVE_INFINITY;
          default -> throw mismatch(json, one, where);
        };
    return one == Shape.One.DOUBLE ? (Object) value : (Object) (float) value;
  }

  private Object text(String text, Shape.One one) {
    return switch (one) {
      case BYTES -> Base64.getDecoder().decode(text);
      case UUID -> {
        var uuid = java.util.UUID.fromString(text);
        if (strict && !uuid.toString().equalsIgnoreCase(text)) {
          throw new IllegalArgumentException("not the form of a uuid");
        }
        yield uuid;
      }
      case INSTANT -> Instant.parse(text);
      default -> text;
    };
  }

  private Object integer(long value, Shape.One one, String where) {
    switch (one) {
      case INT -> {
        if (value == (int) value) {
          return (int) value;
        }
      }
      case SHORT -> {
        if (value == (short) value) {
          return (short) value;
        }
      }
      case BYTE -> {
        if (value == (byte) value) {
          return (byte) value;
        }
      }
      default -> {
        return value;
      }
    }
    throw EventRules.wrong(where, "must be " + one.text() + ", not " + value);
  }
}
