package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import io.millrace.engine.state.HotPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Keys as bytes whose unsigned order is the order of the values ({@link KeyOrder}).
 *
 * <p>Integers and instants: big-endian with the sign bit flipped. Doubles: the bits, all flipped
 * when negative, else the sign bit only; one NaN, above everything. Booleans: one byte. UUIDs: 16
 * bytes. Text and bytes: as they are when last in the key, else with 0x00 written as 0x00 0xFF and
 * ended by 0x00 0x00. A record is its fields one after the other.
 */
@HotPath(benchmark = "PathBenchmark")
public final class KeyCodec {
  private final Schema schema;
  private final Scalar[] parts;
  private final @org.jspecify.annotations.Nullable RecordLayout shape;

  private KeyCodec(
      Schema schema, List<Scalar> parts, @org.jspecify.annotations.Nullable RecordLayout shape) {
    this.schema = schema;
    this.parts = parts.toArray(Scalar[]::new);
    this.shape = shape;
  }

  /** The codec of a key schema. */
  public static KeyCodec of(Schema schema) {
    return switch (schema) {
      case Scalar scalar -> new KeyCodec(schema, List.of(scalar), null);
      case RecordSchema record -> {
        var parts = new ArrayList<Scalar>();
        record.fields().forEach(field -> parts.add((Scalar) field.schema()));
        yield new KeyCodec(schema, parts, RecordLayout.of(record));
      }
      case MapSchema _, SetSchema _, ListSchema _ ->
          throw new IllegalArgumentException(schema + " is not a key");
    };
  }

  /** The key schema. */
  public Schema schema() {
    return schema;
  }

  /** Number of parts of a key. */
  public int parts() {
    return parts.length;
  }

  /** Type of a part. */
  public Scalar part(int index) {
    return parts[index];
  }

  /** Appends a normalised key. */
  public void encode(Object key, ByteWriter out) {
    if (shape == null) {
      put(parts[0], key, true, out);
      return;
    }
    var last = parts.length - 1;
    for (var i = 0; i <= last; i++) {
      put(parts[i], java.util.Objects.requireNonNull(shape.get(key, i)), i == last, out);
    }
  }

  /** A normalised key as bytes of its own. */
  public byte[] encode(Object key) {
    var out = new ByteWriter(16);
    encode(key, out);
    return out.toBytes();
  }

  /**
   * Appends the first parts of a key; all keys that begin with these parts begin with these bytes,
   * apart from text or bytes given as the last part of the key.
   */
  public void encodePrefix(Object[] values, int count, ByteWriter out) {
    for (var i = 0; i < count; i++) {
      put(parts[i], Values.normalizeKey(parts[i], values[i]), i == parts.length - 1, out);
    }
  }

  private static void put(Scalar type, Object value, boolean last, ByteWriter out) {
    switch (type) {
      case LONG -> out.longBe((Long) value ^ Long.MIN_VALUE);
      case INT -> out.intBe((Integer) value ^ Integer.MIN_VALUE);
      case INSTANT -> out.longBe(((Instant) value).toEpochMilli() ^ Long.MIN_VALUE);
      case DOUBLE -> out.longBe(sortable(Double.doubleToLongBits((Double) value)));
      case BOOLEAN -> out.put((Boolean) value ? 1 : 0);
      case UUID -> {
        var uuid = (UUID) value;
        out.longBe(uuid.getMostSignificantBits());
        out.longBe(uuid.getLeastSignificantBits());
      }
      case STRING -> {
        if (last) {
          out.utf8((String) value);
        } else {
          var start = out.size();
          out.utf8((String) value);
          escape(out, start);
        }
      }
      case BYTES -> {
        var start = out.size();
        out.put((byte[]) value);
        if (!last) {
          escape(out, start);
        }
      }
      case ANY -> throw new IllegalArgumentException("any is not a key");
    }
  }

  private static void escape(ByteWriter out, int start) {
    for (var i = start; i < out.size(); i++) {
      if (out.array()[i] == 0) {
        out.insert(i + 1, 1);
        out.array()[++i] = (byte) 0xFF;
      }
    }
    out.put(0).put(0);
  }

  private static long sortable(long bits) {
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  /** Reads a key. */
  public Object decode(byte[] bytes, int offset, int length) {
    var end = offset + length;
    if (shape == null) {
      return value(parts[0], bytes, offset, end);
    }
    var values = new Object[parts.length];
    var at = offset;
    for (var i = 0; i < parts.length; i++) {
      var next = i == parts.length - 1 ? end : partEnd(i, bytes, at, end);
      values[i] = part(i, bytes, at, next);
      at = next;
    }
    return shape.build(values);
  }

  /** Start of a part in a key; the end of part i is the start of part i + 1, or the key's end. */
  public int partStart(int part, byte[] bytes, int offset, int end) {
    var at = offset;
    for (var i = 0; i < part; i++) {
      at = partEnd(i, bytes, at, end);
    }
    return at;
  }

  /** End of a part that starts at an index. */
  public int partEnd(int part, byte[] bytes, int at, int end) {
    if (part == parts.length - 1) {
      return end;
    }
    return switch (parts[part]) {
      case LONG, INSTANT, DOUBLE -> at + 8;
      case INT -> at + 4;
      case BOOLEAN -> at + 1;
      case UUID -> at + 16;
      case STRING, BYTES -> {
        var i = at;
        while (bytes[i] != 0 || bytes[i + 1] != 0) {
          i += bytes[i] == 0 ? 2 : 1;
        }
        yield i + 2;
      }
      case ANY -> throw new IllegalArgumentException("any is not a key");
    };
  }

  /** The value of a part that lies in a range of a key. */
  public Object part(int part, byte[] bytes, int from, int to) {
    var type = parts[part];
    if (part == parts.length - 1 || type != Scalar.STRING && type != Scalar.BYTES) {
      return value(type, bytes, from, to);
    }
    var plain = unescape(bytes, from, to - 2);
    return value(type, plain, 0, plain.length);
  }

  /** Text or bytes of a part that is not the last, as they were. */
  public static byte[] unescape(byte[] bytes, int from, int to) {
    var out = new byte[to - from];
    var size = 0;
    for (var i = from; i < to; i++) {
      out[size++] = bytes[i];
      if (bytes[i] == 0) {
        i++;
      }
    }
    return Arrays.copyOf(out, size);
  }

  private static Object value(Scalar type, byte[] bytes, int from, int to) {
    return switch (type) {
      case LONG -> longAt(bytes, from);
      case INT -> intAt(bytes, from);
      case INSTANT -> Instant.ofEpochMilli(longAt(bytes, from));
      case DOUBLE -> doubleAt(bytes, from);
      case BOOLEAN -> bytes[from] != 0;
      case UUID ->
          new UUID(
              (long) ByteWriter.LONG_BE.get(bytes, from),
              (long) ByteWriter.LONG_BE.get(bytes, from + 8));
      case STRING -> new String(bytes, from, to - from, StandardCharsets.UTF_8);
      case BYTES -> Arrays.copyOfRange(bytes, from, to);
      case ANY -> throw new IllegalArgumentException("any is not a key");
    };
  }

  /** A LONG or INSTANT part. */
  public static long longAt(byte[] bytes, int at) {
    return (long) ByteWriter.LONG_BE.get(bytes, at) ^ Long.MIN_VALUE;
  }

  /** An INT part. */
  public static int intAt(byte[] bytes, int at) {
    return (int) ByteWriter.INT_BE.get(bytes, at) ^ Integer.MIN_VALUE;
  }

  /** A DOUBLE part. */
  public static double doubleAt(byte[] bytes, int at) {
    var bits = (long) ByteWriter.LONG_BE.get(bytes, at);
    return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
  }
}
