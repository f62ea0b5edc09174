package io.millrace.engine.internal.stage;

import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.EventType;
import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.codec.ByteWriter;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.DefinitionException;
import io.millrace.engine.topology.Keyed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values that travel over hops, as bytes: a waiting hop is state. Records go by their declared name
 * and version, never by a class name.
 */
public final class HopValueCodec {
  private static final Logger LOG = LoggerFactory.getLogger(HopValueCodec.class);
  private static final int NULL = 0;
  private static final int FALSE = 1;
  private static final int TRUE = 2;
  private static final int LONG = 3;
  private static final int INT = 4;
  private static final int DOUBLE = 5;
  private static final int STRING = 6;
  private static final int BYTES = 7;
  private static final int UUID_TAG = 8;
  private static final int INSTANT = 9;
  private static final int LIST = 10;
  private static final int MAP = 11;
  private static final int KEYED = 12;

  /** A record without a mark of its shape; read, not written any more. */
  private static final int UNMARKED_RECORD = 13;

  private static final int RECORD = 14;
  private static final int MAX_DEPTH = 64;

  private final Map<Class<?>, EventType<?>> byClass = new HashMap<>();
  private final Map<String, EventType<?>> byName = new HashMap<>();
  private final Map<EventType<?>, Integer> marks = new HashMap<>();

  public HopValueCodec(Definition definition) {
    for (var depot : definition.depots()) {
      depot.types().forEach(this::add);
    }
    for (var value : definition.values()) {
      if (!byClass.containsKey(value)) {
        add(EventType.of(value));
      }
    }
    for (var nearby : definition.nearbyRecords()) {
      addNearby(nearby);
    }
  }

  /** A record nested near the module is only a candidate: it need not travel at all. */
  private void addNearby(Class<?> nearby) {
    try {
      var type = EventType.of(nearby);
      if (!byClass.containsKey(nearby) && !byName.containsKey(type.name())) {
        add(type);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("{} cannot travel over hops: {}", nearby.getName(), e.getMessage());
    }
  }

  private void add(EventType<?> type) {
    byClass.put(type.eventClass(), type);
    var other = byName.put(type.name(), type);
    if (other != null && other.eventClass() != type.eventClass()) {
      throw new DefinitionException(
          "records "
              + other.eventClass().getName()
              + " and "
              + type.eventClass().getName()
              + " have the same name "
              + type.name()
              + "; name one of them with @Event");
    }
  }

  /** Refuses a value that could not wait: what it is now it must be after a restart. */
  void check(@Nullable Object value) {
    check(value, 0);
  }

  private void check(@Nullable Object value, int depth) {
    switch (value) {
      case null -> {}
      case Boolean _, Long _, Integer _, Double _, byte[] _, UUID _, Instant _ -> {}
      case String text -> ErrorText.check(text);
      case Keyed<?, ?> keyed -> {
        check(keyed.key(), deeper(depth));
        check(keyed.value(), deeper(depth));
      }
      case List<?> list -> {
        var inside = deeper(depth);
        list.forEach(element -> check(element, inside));
      }
      case Map<?, ?> map -> {
        var inside = deeper(depth);
        map.forEach((key, held) -> {
          check(key, inside);
          check(held, inside);
        });
      }
      default -> type(value).check(value);
    }
  }

  private static int deeper(int depth) {
    if (depth >= MAX_DEPTH) {
      throw new IllegalStateException(
          "a value that travels over a hop is nested at most " + MAX_DEPTH + " deep");
    }
    return depth + 1;
  }

  private EventType<?> type(Object value) {
    var type = byClass.get(value.getClass());
    if (type == null) {
      throw new IllegalStateException(
          "a "
              + value.getClass().getName()
              + " cannot travel over a hop, because a waiting hop is state; use events, numbers,"
              + " text, lists, maps, or a record declared with Definition.values");
    }
    return type;
  }

  void write(@Nullable Object value, ByteWriter out) {
    switch (value) {
      case null -> out.put(NULL);
      case Boolean v -> out.put(v ? TRUE : FALSE);
      case Long v -> {
        out.put(LONG);
        out.longBe(v);
      }
      case Integer v -> {
        out.put(INT);
        out.longBe(v);
      }
      case Double v -> {
        out.put(DOUBLE);
        out.longBe(Double.doubleToRawLongBits(v));
      }
      case String v -> {
        out.put(STRING);
        bytes(v.getBytes(StandardCharsets.UTF_8), out);
      }
      case byte[] v -> {
        out.put(BYTES);
        bytes(v, out);
      }
      case UUID v -> {
        out.put(UUID_TAG);
        out.longBe(v.getMostSignificantBits());
        out.longBe(v.getLeastSignificantBits());
      }
      case Instant v -> {
        out.put(INSTANT);
        out.longBe(v.getEpochSecond());
        out.varint(v.getNano());
      }
      default -> writeCompound(value, out);
    }
  }

  private void writeCompound(Object value, ByteWriter out) {
    switch (value) {
      case List<?> list -> {
        out.put(LIST);
        out.varint(list.size());
        list.forEach(element -> write(element, out));
      }
      case Map<?, ?> map -> {
        out.put(MAP);
        out.varint(map.size());
        map.forEach((key, held) -> {
          write(key, out);
          write(held, out);
        });
      }
      case Keyed<?, ?> keyed -> {
        out.put(KEYED);
        write(keyed.key(), out);
        write(keyed.value(), out);
      }
      default -> {
        var type = type(value);
        out.put(RECORD);
        text(type.name(), out);
        out.varint(type.version());
        out.intBe(shapeMark(type));
        bytes(type.encode(value, EventFormat.BINARY), out);
      }
    }
  }

  public static void text(String text, ByteWriter out) {
    bytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  public static void bytes(byte[] bytes, ByteWriter out) {
    out.varint(bytes.length);
    out.put(bytes);
  }

  public static String text(ByteReader in) {
    return in.utf8(in.length());
  }

  public @Nullable Object read(ByteReader in) {
    return read(in, 0);
  }

  private @Nullable Object read(ByteReader in, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalStateException("a waiting value is nested deeper than " + MAX_DEPTH);
    }
    var tag = in.get();
    return switch (tag) {
      case NULL -> null;
      case FALSE -> false;
      case TRUE -> true;
      case LONG -> in.longBe();
      case INT -> (int) in.longBe();
      case DOUBLE -> Double.longBitsToDouble(in.longBe());
      case STRING -> text(in);
      case BYTES -> in.copy(in.length());
      case UUID_TAG -> new UUID(in.longBe(), in.longBe());
      case INSTANT -> Instant.ofEpochSecond(in.longBe(), in.varint());
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
        var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        for (var i = 0; i < count; i++) {
          var key = read(in, depth + 1);
          map.put(key, read(in, depth + 1));
        }
        yield Collections.unmodifiableMap(map);
      }
      case KEYED -> {
        var key = java.util.Objects.requireNonNull(read(in, depth + 1));
        yield new Keyed<>(key, read(in, depth + 1));
      }
      case UNMARKED_RECORD -> record(in, false);
      case RECORD -> record(in, true);
      default -> throw new IllegalStateException("a waiting value has an unknown tag " + tag);
    };
  }

  /** Fields are found by their place, so a value is only read by the very shape it has. */
  private int shapeMark(EventType<?> type) {
    return marks.computeIfAbsent(
        type,
        one -> {
          var crc = new CRC32C();
          crc.update(one.shapeJson().getBytes(StandardCharsets.UTF_8));
          return (int) crc.getValue();
        });
  }

  private Object record(ByteReader in, boolean marked) {
    var name = text(in);
    var version = (int) in.varint();
    var mark = marked ? in.intBe() : 0;
    var length = in.length();
    var type = byName.get(name);
    if (type == null || type.version() != version) {
      throw new IllegalStateException(
          "a waiting hop holds a value this module does not declare: type="
              + name
              + " version="
              + version
              + "; let the waiting hops drain before the type is changed");
    }
    if (marked && mark != shapeMark(type)) {
      throw new IllegalStateException(
          "a waiting value of type " + name + " has other fields than this version declares");
    }
    var at = in.skip(length);
    return type.decode(in.array(), at, length, EventFormat.BINARY);
  }
}
