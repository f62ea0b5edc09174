package io.millrace.engine.internal.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values that say themselves what they are: one tag byte each, integers as zigzag varints. */
public final class AnyCodec {
  private static final int NULL = 0;
  private static final int FALSE = 1;
  private static final int TRUE = 2;
  private static final int LONG = 3;
  private static final int DOUBLE = 4;
  private static final int STRING = 5;
  private static final int BYTES = 6;
  private static final int LIST = 7;
  private static final int MAP = 8;
  private static final int UUID_TAG = 9;
  private static final int INSTANT = 10;

  /** How many collections may be around a value. */
  static final int MAX_DEPTH = 200;

  private AnyCodec() {}

  /** Appends a normalised value of schema any. */
  public static void write(@Nullable Object value, ByteWriter out) {
    switch (value) {
      case null -> out.put(NULL);
      case Boolean v -> out.put(v ? TRUE : FALSE);
      case Long v -> {
        out.put(LONG);
        out.varint(v << 1 ^ v >> 63);
      }
      case Double v -> {
        out.put(DOUBLE);
        out.longLe(Double.doubleToRawLongBits(v));
      }
      case String v -> {
        out.put(STRING);
        text(v, out);
      }
      case byte[] v -> {
        out.put(BYTES);
        out.varint(v.length);
        out.put(v);
      }
      case List<?> v -> {
        out.put(LIST);
        out.varint(v.size());
        v.forEach(element -> write(element, out));
      }
      case Map<?, ?> v -> {
        out.put(MAP);
        out.varint(v.size());
        for (var entry : v.entrySet()) {
          text((String) entry.getKey(), out);
          write(entry.getValue(), out);
        }
      }
      case UUID v -> {
        out.put(UUID_TAG);
        out.longBe(v.getMostSignificantBits());
        out.longBe(v.getLeastSignificantBits());
      }
      case Instant v -> {
        out.put(INSTANT);
        out.longLe(v.toEpochMilli());
      }
      default -> throw new IllegalArgumentException("not a value: " + Values.typeName(value));
    }
  }

  private static void text(String text, ByteWriter out) {
    var at = out.size();
    out.put(0);
    out.utf8(text);
    ValueCodec.closeElement(out, at);
  }

  private static String text(ByteReader in) {
    return in.utf8((int) in.varint() - 1);
  }

  /** Reads the value that fills a range. */
  static Object readWhole(byte[] bytes, int offset, int length) {
    var in = new ByteReader(bytes, offset, length);
    var value = read(in, 0);
    if (value == null || in.remaining() != 0) {
      throw new MalformedException("value does not fill its place");
    }
    return value;
  }

  private static @Nullable Object read(ByteReader in, int depth) {
    if (depth > MAX_DEPTH) {
      throw new MalformedException("value is nested deeper than " + MAX_DEPTH);
    }
    var tag = in.get();
    return switch (tag) {
      case NULL -> null;
      case FALSE -> false;
      case TRUE -> true;
      case LONG -> {
        var v = in.varint();
        yield v >>> 1 ^ -(v & 1);
      }
      case DOUBLE -> Double.longBitsToDouble(in.longLe());
      case STRING -> text(in);
      case BYTES -> in.copy(in.length());
      case LIST -> {
        var count = in.length();
        var list = new ArrayList<@Nullable Object>(count);
        for (var i = 0; i < count; i++) {
          list.add(read(in, depth + 1));
        }
        yield Collections.unmodifiableList(list);
      }
      case MAP -> {
        var count = in.length();
        var map = new TreeMap<String, @Nullable Object>(KeyOrder::codePoints);
        for (var i = 0; i < count; i++) {
          map.put(text(in), read(in, depth + 1));
        }
        yield Collections.unmodifiableSortedMap(map);
      }
      case UUID_TAG -> new UUID(in.longBe(), in.longBe());
      case INSTANT -> Instant.ofEpochMilli(in.longLe());
      default -> throw new MalformedException("unknown tag " + tag);
    };
  }
}
