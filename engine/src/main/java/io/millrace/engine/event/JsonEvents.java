package io.millrace.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON objects. What stands in the journal must be read back whatever its size, so the
 * parser's own limits are wide; what may come in is said by {@link EventRules}.
 */
final class JsonEvents {
  static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(10_000)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private JsonEvents() {}

  static byte[] write(RecordShape shape, Object event) {
    var out = new ByteArrayOutputStream(128);
    try (var json = JSON.createGenerator(out)) {
      writeRecord(json, shape, event);
    } catch (JsonGenerationException e) {
      return escaped(shape, event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** An event from before half surrogate pairs were refused: they have no form but an escape. */
  private static byte[] escaped(RecordShape shape, Object event) {
    var out = new ByteArrayOutputStream(128);
    try (var json = JSON.createGenerator(out)) {
      json.enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());
      writeRecord(json, shape, event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static Object read(
      String type, RecordShape shape, byte[] bytes, int offset, int length, boolean strict) {
    return new JsonEventReader(strict).read(type, shape, bytes, offset, length);
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
}
