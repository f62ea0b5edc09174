package io.millrace.http.backend;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.http.exchange.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values of pstates as JSON: numbers, booleans and text as such, bytes as base64, times and ids as
 * text, records as objects. A map is an object when its keys are single values, otherwise a list of
 * pairs.
 */
final class PStateJson {
  private PStateJson() {}

  /**
   * Writes an array of values, one after the other.
   *
   * @param values passes all of them to its argument
   */
  static void array(OutputStream out, Consumer<Consumer<@Nullable Object>> values) {
    try {
      var json = Json.mapper().getFactory().createGenerator(out);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartArray();
      values.accept(value -> {
        try {
          write(json, value);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      json.writeEndArray();
      json.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String object(Map<String, Object> members) {
    var text = new StringWriter();
    try (var json = Json.mapper().getFactory().createGenerator(text)) {
      write(json, members);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean truth -> json.writeBoolean(truth);
      case Double number -> json.writeNumber(number);
      case Float number -> json.writeNumber(number);
      case BigDecimal number -> json.writeNumber(number);
      case Number number -> json.writeNumber(number.longValue());
      case byte[] bytes -> json.writeString(Base64.getEncoder().encodeToString(bytes));
      case Map<?, ?> map -> writeMap(json, map);
      case Collection<?> elements -> writeAll(json, elements);
      case Record record -> writeRecord(json, record);
      case Enum<?> constant -> json.writeString(constant.name());
      default -> json.writeString(value.toString());
    }
  }

  private static void writeAll(JsonGenerator json, Collection<?> elements) throws IOException {
    json.writeStartArray();
    for (var element : elements) {
      write(json, element);
    }
    json.writeEndArray();
  }

  private static void writeMap(JsonGenerator json, Map<?, ?> map) throws IOException {
    var pairs = map.keySet().stream().anyMatch(key -> key instanceof Record || key instanceof Map);
    if (pairs) {
      json.writeStartArray();
      for (var entry : map.entrySet()) {
        json.writeStartArray();
        write(json, entry.getKey());
        write(json, entry.getValue());
        json.writeEndArray();
      }
      json.writeEndArray();
      return;
    }
    json.writeStartObject();
    for (var entry : map.entrySet()) {
      json.writeFieldName(
          entry.getKey() instanceof byte[] bytes
              ? Base64.getEncoder().encodeToString(bytes)
              : String.valueOf(entry.getKey()));
      write(json, entry.getValue());
    }
    json.writeEndObject();
  }

  private static void writeRecord(JsonGenerator json, Record record) throws IOException {
    json.writeStartObject();
    for (var component : record.getClass().getRecordComponents()) {
      json.writeFieldName(component.getName());
      var accessor = component.getAccessor();
      try {
        accessor.setAccessible(true);
        write(json, accessor.invoke(record));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + component, e);
      }
    }
    json.writeEndObject();
  }
}
