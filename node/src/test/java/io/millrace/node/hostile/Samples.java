package io.millrace.node.hostile;

import io.millrace.node.hostile.Hostile.Kind;
import io.millrace.node.hostile.Hostile.Part;
import io.millrace.node.hostile.Hostile.Thing;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Draws values of the components of {@link Thing}: ordinary, at their edges, and beyond them. */
final class Samples {
  /** Names of the components that are drawn. */
  static final List<String> FIELDS =
      Arrays.stream(Thing.class.getRecordComponents()).skip(1).map(part -> part.getName()).toList();

  private static final String[] TEXTS = {
    "",
    "a",
    "?",
    "'",
    "\"",
    "\\",
    "\0",
    "a\0b",
    "\r\n",
    "$-1\r\n",
    "\u007f\u0080\u00e9\uffee\uffff",
    "\ud83d\ude00",
    "\udbff\udfff",
    "null",
    "true",
    "NaN",
    "1",
    "2026-01-01T00:00:00Z",
    "{}",
    "[]",
    "\u202e",
    "\u0301",
    "${x}",
    "%s",
    "; drop table t",
    "\ufeff",
    "*",
    "@key",
    "__proto__"
  };
  private static final String[] BROKEN = {
    "\ud800", "a\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "x\udfff\u0000"
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1,
    -1,
    0.1,
    1e15,
    1e16,
    1e300,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    9007199254740993.0,
    1e39,
    1e-46
  };
  private static final long[] LONGS = {
    0,
    1,
    -1,
    127,
    128,
    -129,
    32768,
    -32769,
    1L << 31,
    -(1L << 31) - 1,
    1L << 53,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    9_224_318_015_999_999L,
    9_224_318_016_000_000L,
    -210_866_803_200_001L
  };
  private static final String[] INSTANTS = {
    "1970-01-01T00:00:00Z",
    "2026-11-30T16:00:00.123456789Z",
    "-4712-01-01T00:00:00Z",
    "-4713-12-31T23:59:59.999999999Z",
    "+294276-12-31T23:59:59.999999999Z",
    "+294277-01-01T00:00:00Z",
    "-0044-03-15T12:00:00Z",
    "0000-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999999999Z",
    "+1000000000-12-31T23:59:59.999999999Z",
    "-1000000000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "+10000-01-01T00:00:00Z"
  };
  private static final String[] DECIMALS = {
    "0",
    "-0.00",
    "1.10",
    "1e1000",
    "1e1001",
    "1e-1000",
    "1e-1001",
    "1e2147483647",
    "-1e-2147483647",
    "123456789012345678901234567890.123456789"
  };

  /** Text of JSON that stands for no value of its field, or for one it is not. */
  private static final String[] FRAGMENTS = {
    "1e400",
    "-1e400",
    "1e39",
    "99999999999999999999999",
    "01",
    "1.",
    ".5",
    "+1",
    "0x10",
    "NaN",
    "Infinity",
    "nul",
    "tru",
    "'a'",
    "\"",
    "\"\\ud800\"",
    "\"\\u00zz\"",
    "\"\\x\"",
    "[",
    "]",
    "{",
    "}",
    "[1,]",
    "{\"a\":1,\"a\":2}",
    "{\"a\":null}",
    "[null]",
    "[[[[[[[[]]]]]]]]",
    "{\"\":0}",
    "1 2",
    "",
    "\"a\" \"b\"",
    "/*x*/1",
    "1,\"text\":\"twice\",\"text\":\"b\"",
    "1,\"unknown\":1",
    "1,\"id\":7",
    "{\"name\":\"\\udc00\",\"weight\":1}",
    "{\"weight\":1e999}",
    "[\"\\ud83d\"]",
    "{\"\\ud83d\":1}",
    "\"1-1-1-1-1\"",
    "\"AAAA====\"",
    "\"QQ\"",
    "-0",
    "1e0",
    "1.0",
    "true",
    "null",
    "\"MEDIUM\"",
    "\"2026\""
  };

  private final SplittableRandom random;

  Samples(SplittableRandom random) {
    this.random = random;
  }

  /**
   * One value.
   *
   * @param field its component
   * @param value the Java value, when there is one
   * @param json its JSON, which may be none
   */
  record Sample(String field, @Nullable Object value, String json) {
    Thing thing(long id) {
      var values = new @Nullable Object[FIELDS.size()];
      values[FIELDS.indexOf(field)] = value;
      return Samples.thing(id, values);
    }

    /** The whole event. */
    String event(long id) {
      return "{\"id\":" + id + ",\"" + field + "\":" + json + "}";
    }
  }

  @SuppressWarnings("unchecked")
  private static Thing thing(long id, @Nullable Object[] v) {
    return new Thing(
        id,
        (String) v[0],
        (Long) v[1],
        (Integer) v[2],
        (Short) v[3],
        (Byte) v[4],
        (Double) v[5],
        (Float) v[6],
        (Boolean) v[7],
        (byte[]) v[8],
        (UUID) v[9],
        (Instant) v[10],
        (BigDecimal) v[11],
        (Kind) v[12],
        (List<String>) v[13],
        (java.util.Set<Long>) v[14],
        (Map<String, Double>) v[15],
        (Part) v[16]);
  }

  /** A value of a field, mostly one that has a Java form. */
  Sample next(String field) {
    if (random.nextInt(4) == 0) {
      return new Sample(field, null, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
    }
    var value = value(field);
    return new Sample(field, value, json(value));
  }

  /** A value that has a Java form. */
  Sample nextJava(String field) {
    var value = value(field);
    return new Sample(field, value, "");
  }

  private Object value(String field) {
    return switch (field) {
      case "text" -> text();
      case "whole" -> whole();
      case "number" -> (int) whole();
      case "small" -> (short) whole();
      case "tiny" -> (byte) whole();
      case "real" -> real();
      case "half" -> (float) real();
      case "truth" -> random.nextBoolean();
      case "bytes" -> bytes();
      case "uuid" -> new UUID(whole(), whole());
      case "at" -> at();
      case "amount" -> amount();
      case "kind" -> Kind.values()[random.nextInt(2)];
      case "words" -> words();
      case "marks" -> marks();
      case "totals" -> totals();
      default ->
          new Part(random.nextInt(4) == 0 ? null : text(), random.nextInt(4) == 0 ? null : real());
    };
  }

  String text() {
    return switch (random.nextInt(12)) {
      case 0 -> BROKEN[random.nextInt(BROKEN.length)];
      case 1, 2, 3, 4, 5 -> TEXTS[random.nextInt(TEXTS.length)];
      case 6 -> TEXTS[random.nextInt(TEXTS.length)] + TEXTS[random.nextInt(TEXTS.length)];
      case 7 -> "x".repeat(random.nextInt(300));
      case 8 -> random.nextInt(50) == 0 ? "y\0".repeat(random.nextInt(200_000)) : "y";
      default -> {
        var text = new StringBuilder();
        for (var i = random.nextInt(8); i > 0; i--) {
          text.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
        }
        yield text.toString();
      }
    };
  }

  private long whole() {
    return random.nextInt(3) == 0
        ? random.nextLong() >> random.nextInt(64)
        : LONGS[random.nextInt(LONGS.length)];
  }

  private double real() {
    return random.nextInt(3) == 0
        ? Double.longBitsToDouble(random.nextLong())
        : DOUBLES[random.nextInt(DOUBLES.length)];
  }

  private byte[] bytes() {
    var bytes = new byte[random.nextInt(100) == 0 ? 100_000 : random.nextInt(20)];
    random.nextBytes(bytes);
    return bytes;
  }

  private Instant at() {
    return switch (random.nextInt(4)) {
      case 0 -> Instant.ofEpochMilli(whole());
      case 1 -> Instant.ofEpochSecond(random.nextLong(1L << 32), random.nextInt(1_000_000_000));
      default -> Instant.parse(INSTANTS[random.nextInt(INSTANTS.length)]);
    };
  }

  private BigDecimal amount() {
    return switch (random.nextInt(4)) {
      case 0 -> new BigDecimal(BigInteger.valueOf(whole()), random.nextInt(-20, 20));
      case 1 -> new BigDecimal(BigInteger.TEN.pow(random.nextInt(990, 1010)), random.nextInt(3));
      default -> new BigDecimal(DECIMALS[random.nextInt(DECIMALS.length)]);
    };
  }

  private List<@Nullable String> words() {
    var words = new ArrayList<@Nullable String>();
    for (var i = random.nextInt(5); i > 0; i--) {
      words.add(random.nextInt(40) == 0 ? null : text());
    }
    return words;
  }

  private LinkedHashSet<Long> marks() {
    var marks = new LinkedHashSet<Long>();
    for (var i = random.nextInt(5); i > 0; i--) {
      marks.add(whole());
    }
    return marks;
  }

  private Map<String, @Nullable Double> totals() {
    var totals = new LinkedHashMap<String, @Nullable Double>();
    for (var i = random.nextInt(5); i > 0; i--) {
      totals.put(text(), random.nextInt(40) == 0 ? null : real());
    }
    return totals;
  }

  /** The JSON of a value, written without the code under test. */
  static String json(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> quoted(text);
      case Double d when !Double.isFinite(d) -> quoted(d.toString());
      case Float f when !Float.isFinite(f) -> quoted(f.toString());
      case byte[] bytes -> quoted(Base64.getEncoder().encodeToString(bytes));
      case UUID _, Instant _, Kind _ -> quoted(value.toString());
      case List<?> list ->
          list.stream().map(Samples::json).collect(Collectors.joining(",", "[", "]"));
      case LinkedHashSet<?> set ->
          set.stream().map(Samples::json).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case Part part ->
          "{\"name\":" + json(part.name()) + ",\"weight\":" + json(part.weight()) + "}";
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    var json = new StringBuilder("\"");
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c) || c == 0x7F) {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
