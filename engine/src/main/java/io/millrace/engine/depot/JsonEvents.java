package io.millrace.engine.depot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events as JSON objects; errors name the field. */
final class JsonEvents {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonEvents() {}

  static byte[] write(RecordShape shape, Object event) {
    var out = new ByteArrayOutputStream(128);
    try (var json = JSON.createGenerator(out)) {
      writeRecord(json, shape, event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A nested value as JSON text. */
  static String text(Shape shape, Object value) {
    var out = new StringWriter();
    try (var json = JSON.createGenerator(out)) {
      writeValue(json, shape, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void writeRecord(JsonGenerator json, RecordShape shape, Object event)
      throws IOException {
    json.writeStartObject();
    var components = shape.components();
    for (var i = 0; i < components.size(); i++) {
      var value = shape.get(event, i);
      if (value == null && components.get(i).required()) {
        throw new InvalidEventException(
            "field '" + components.get(i).name() + "' must not be null", components.get(i).name());
      }
      json.writeFieldName(components.get(i).name());
      writeValue(json, components.get(i).shape(), value);
    }
    json.writeEndObject();
  }

  private static void writeValue(JsonGenerator json, Shape shape, @Nullable Object value)
      throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    switch (shape) {
      case Shape.One one -> writeOne(json, one, value);
      case Shape.Choice _ -> json.writeString(((Enum<?>) value).name());
      case Shape.Many many -> {
        json.writeStartArray();
        for (var element : (Iterable<?>) value) {
          writeValue(json, many.element(), element);
        }
        json.writeEndArray();
      }
      case Shape.Table table -> {
        json.writeStartObject();
        for (var entry : ((Map<?, ?>) value).entrySet()) {
          json.writeFieldName((String) entry.getKey());
          writeValue(json, table.value(), entry.getValue());
        }
        json.writeEndObject();
      }
      case RecordShape record -> writeRecord(json, record, value);
    }
  }

  private static void writeOne(JsonGenerator json, Shape.One one, Object value) throws IOException {
    switch (one) {
      case LONG, INT, SHORT, BYTE -> json.writeNumber(((Number) value).longValue());
      case DOUBLE, FLOAT -> json.writeNumber(((Number) value).doubleValue());
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case BYTES -> json.writeString(Base64.getEncoder().encodeToString((byte[]) value));
      case STRING, UUID, INSTANT -> json.writeString(value.toString());
      case DECIMAL -> json.writeNumber((BigDecimal) value);
    }
  }

  static Object read(String type, RecordShape shape, byte[] bytes, int offset, int length) {
    try (var json = JSON.createParser(bytes, offset, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidEventException("event " + type + " must be a JSON object", null);
      }
      var event = readRecord(json, shape, "");
      if (json.nextToken() != null) {
        throw new InvalidEventException("event " + type + " is followed by more text", null);
      }
      return event;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new InvalidEventException(
          "event "
              + type
              + " is not valid JSON: "
              + e.getOriginalMessage()
              + (at == null ? "" : " at column " + at.getColumnNr()),
          null);
    } catch (InvalidEventException e) {
      throw e.field() == null
          ? new InvalidEventException("event " + type + ": " + e.getMessage(), null)
          : e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object readRecord(JsonParser json, RecordShape shape, String where)
      throws IOException {
    var components = shape.components();
    var values = new @Nullable Object[components.size()];
    long seen = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      var at = shape.indexOf(name);
      if (at < 0) {
        throw wrong(where + name, "is not known; known are " + shape.componentNames());
      }
      if (at < 64) {
        if ((seen & 1L << at) != 0) {
          throw wrong(where + name, "stands twice");
        }
        seen |= 1L << at;
      }
      json.nextToken();
      values[at] = readValue(json, components.get(at).shape(), where, name);
    }
    for (var i = 0; i < values.length; i++) {
      if (values[i] == null && components.get(i).required()) {
        throw wrong(where + components.get(i).name(), "is missing");
      }
    }
    return shape.create(values);
  }

  private static InvalidEventException wrong(String field, String what) {
    return new InvalidEventException("field '" + field + "' " + what, field);
  }

  private static @Nullable Object readValue(JsonParser json, Shape shape, String where, String name)
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

  private static Object readMany(JsonParser json, Shape.Many many, String where)
      throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw mismatch(json, many, where);
    }
    var elements = new ArrayList<@Nullable Object>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      var place = "[" + elements.size() + "]";
      var element = readValue(json, many.element(), where, place);
      if (element == null) {
        throw wrong(where + place, "must not be null");
      }
      elements.add(element);
    }
    return many.isSet()
        ? java.util.Collections.unmodifiableSet(new LinkedHashSet<>(elements))
        : java.util.Collections.unmodifiableList(elements);
  }

  private static Object readTable(JsonParser json, Shape.Table table, String where)
      throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw mismatch(json, table, where);
    }
    var entries = new LinkedHashMap<String, @Nullable Object>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var key = json.currentName();
      json.nextToken();
      var value = readValue(json, table.value(), where + ".", key);
      if (value == null) {
        throw wrong(where + "." + key, "must not be null");
      }
      entries.put(key, value);
    }
    return java.util.Collections.unmodifiableMap(entries);
  }

  private static InvalidEventException mismatch(JsonParser json, Shape shape, String where)
      throws IOException {
    var token = json.currentToken();
    var got =
        switch (token) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case VALUE_STRING -> "text '" + shortened(json.getText()) + "'";
          default -> shortened(json.getText());
        };
    return wrong(where, "must be " + shape.text() + ", not " + got);
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }

  private static Object readOne(JsonParser json, Shape.One one, String where) throws IOException {
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
            return one == Shape.One.DOUBLE
                ? (Object) json.getDoubleValue()
                : (Object) json.getFloatValue();
          }
        }
        case DECIMAL -> {
          if (token.isNumeric()) {
            return json.getDecimalValue();
          }
          if (token == JsonToken.VALUE_STRING) {
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
      if (e instanceof com.fasterxml.jackson.core.JsonParseException syntax) {
        throw syntax;
      }
      throw mismatch(json, one, where);
    }
    throw mismatch(json, one, where);
  }

  private static Object text(String text, Shape.One one) {
    return switch (one) {
      case BYTES -> Base64.getDecoder().decode(text);
      case UUID -> UUID.fromString(text);
      case INSTANT -> Instant.parse(text);
      default -> text;
    };
  }

  private static Object integer(long value, Shape.One one, String where) {
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
    throw wrong(where, "must be " + one.text() + ", not " + value);
  }
}
