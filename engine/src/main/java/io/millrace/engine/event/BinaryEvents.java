package io.millrace.engine.event;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events as compact binary: a format byte, then per component a presence byte and the value;
 * numbers are zig-zag variable-length, text and bytes carry their length.
 */
final class BinaryEvents {
  private static final byte FORMAT = 1;
  private static final int MAX_DEPTH = 64;

  private BinaryEvents() {}

  static byte[] write(RecordShape shape, Object event) {
    var out = new Out();
    out.put(FORMAT);
    writeRecord(out, shape, event);
    return Arrays.copyOf(out.bytes, out.length);
  }

  static Object read(String type, RecordShape shape, byte[] bytes, int offset, int length) {
    var in = new In(type, bytes, offset, offset + length);
    if (in.next() != FORMAT) {
      throw in.malformed("unknown binary format");
    }
    var event = readRecord(in, shape, 0);
    if (in.at != in.end) {
      throw in.malformed("more bytes follow");
    }
    return event;
  }

  private static void writeRecord(Out out, RecordShape shape, Object event) {
    var components = shape.components();
    for (var i = 0; i < components.size(); i++) {
      var value = shape.get(event, i);
      if (value == null && components.get(i).required()) {
        throw new InvalidEventException(
            "field '" + components.get(i).name() + "' must not be null", components.get(i).name());
      }
      writeNullable(out, components.get(i).shape(), value);
    }
  }

  private static void writeNullable(Out out, Shape shape, @Nullable Object value) {
    out.put(value == null ? 0 : 1);
    if (value != null) {
      writeValue(out, shape, value);
    }
  }

  private static void writeValue(Out out, Shape shape, Object value) {
    switch (shape) {
      case Shape.One one -> writeOne(out, one, value);
      case Shape.Choice _ -> out.text(((Enum<?>) value).name());
      case Shape.Many many -> {
        out.number(((Collection<?>) value).size());
        for (var element : (Collection<?>) value) {
          writeValue(out, many.element(), element);
        }
      }
      case Shape.Table table -> {
        out.number(((Map<?, ?>) value).size());
        for (var entry : ((Map<?, ?>) value).entrySet()) {
          out.text((String) entry.getKey());
          writeValue(out, table.value(), entry.getValue());
        }
      }
      case RecordShape record -> writeRecord(out, record, value);
    }
  }

  private static void writeOne(Out out, Shape.One one, Object value) {
    switch (one) {
      case LONG, INT, SHORT, BYTE -> out.number(((Number) value).longValue());
      case DOUBLE, FLOAT -> out.fixed(Double.doubleToRawLongBits(((Number) value).doubleValue()));
      case BOOLEAN -> out.put((Boolean) value ? 1 : 0);
      case STRING -> out.text((String) value);
      case BYTES -> out.bytes((byte[]) value);
      case UUID -> {
        out.fixed(((UUID) value).getMostSignificantBits());
        out.fixed(((UUID) value).getLeastSignificantBits());
      }
      case INSTANT -> {
        out.number(((Instant) value).getEpochSecond());
        out.number(((Instant) value).getNano());
      }
      case DECIMAL -> {
        out.number(((BigDecimal) value).scale());
        out.bytes(((BigDecimal) value).unscaledValue().toByteArray());
      }
    }
  }

  private static Object readRecord(In in, RecordShape shape, int depth) {
    if (depth > MAX_DEPTH) {
      throw in.malformed("nested too deeply");
    }
    var components = shape.components();
    var values = new @Nullable Object[components.size()];
    for (var i = 0; i < values.length; i++) {
      if (in.at == in.end && depth == 0 && !components.get(i).required()) {
        // Written before the component was added at the end.
        continue;
      }
      if (in.next() != 0) {
        values[i] = readValue(in, components.get(i).shape(), depth);
      } else if (components.get(i).required()) {
        var name = components.get(i).name();
        throw new InvalidEventException("field '" + name + "' is missing", name);
      }
    }
    return shape.create(values);
  }

  private static Object readValue(In in, Shape shape, int depth) {
    return switch (shape) {
      case Shape.One one -> readOne(in, one);
      case Shape.Choice choice -> {
        var constant = choice.constants().get(in.text());
        if (constant == null) {
          throw in.malformed("unknown constant");
        }
        yield constant;
      }
      case Shape.Many many -> {
        var count = in.count();
        var elements = new ArrayList<Object>(Math.min(count, 1024));
        for (var i = 0; i < count; i++) {
          elements.add(readValue(in, many.element(), depth + 1));
        }
        yield many.isSet()
            ? Collections.unmodifiableSet(new LinkedHashSet<>(elements))
            : Collections.unmodifiableList(elements);
      }
      case Shape.Table table -> {
        var count = in.count();
        var entries = new LinkedHashMap<String, Object>();
        for (var i = 0; i < count; i++) {
          entries.put(in.text(), readValue(in, table.value(), depth + 1));
        }
        yield Collections.unmodifiableMap(entries);
      }
      case RecordShape record -> readRecord(in, record, depth + 1);
    };
  }

  private static Object readOne(In in, Shape.One one) {
    return switch (one) {
      case LONG -> in.number();
      case INT -> (int) in.number();
      case SHORT -> (short) in.number();
      case BYTE -> (byte) in.number();
      case DOUBLE -> Double.longBitsToDouble(in.fixed());
      case FLOAT -> (float) Double.longBitsToDouble(in.fixed());
      case BOOLEAN -> in.next() != 0;
      case STRING -> in.text();
      case BYTES -> in.bytes();
      case UUID -> new UUID(in.fixed(), in.fixed());
      case INSTANT -> Instant.ofEpochSecond(in.number(), in.number());
      case DECIMAL -> {
        var scale = (int) in.number();
        yield new BigDecimal(new BigInteger(in.bytes()), scale);
      }
    };
  }

  private static final class Out {
    private byte[] bytes = new byte[64];
    private int length;

    void put(int value) {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, length * 2);
      }
      bytes[length++] = (byte) value;
    }

    void number(long value) {
      var left = value << 1 ^ value >> 63;
      while ((left & ~0x7FL) != 0) {
        put((int) (left & 0x7F | 0x80));
        left >>>= 7;
      }
      put((int) left);
    }

    void fixed(long value) {
      for (var shift = 56; shift >= 0; shift -= 8) {
        put((int) (value >>> shift));
      }
    }

    void text(String value) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] value) {
      number(value.length);
      if (bytes.length - length < value.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + value.length));
      }
      System.arraycopy(value, 0, bytes, length, value.length);
      length += value.length;
    }
  }

  private static final class In {
    private final String type;
    private final byte[] bytes;
    private final int end;
    private int at;

    In(String type, byte[] bytes, int at, int end) {
      this.type = type;
      this.bytes = bytes;
      this.at = at;
      this.end = end;
    }

    InvalidEventException malformed(String what) {
      return new InvalidEventException("event " + type + " is malformed: " + what, null);
    }

    int next() {
      if (at >= end) {
        throw malformed("it ends too early");
      }
      return bytes[at++];
    }

    long number() {
      long value = 0;
      for (var shift = 0; shift < 64; shift += 7) {
        var next = next();
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value >>> 1 ^ -(value & 1);
        }
      }
      throw malformed("a number is too long");
    }

    long fixed() {
      long value = 0;
      for (var i = 0; i < 8; i++) {
        value = value << 8 | next() & 0xFF;
      }
      return value;
    }

    int count() {
      var count = number();
      if (count < 0 || count > end - at) {
        throw malformed("a length does not fit");
      }
      return (int) count;
    }

    String text() {
      var length = count();
      var value = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
      return value;
    }

    byte[] bytes() {
      var length = count();
      at += length;
      return Arrays.copyOfRange(bytes, at - length, at);
    }
  }
}
