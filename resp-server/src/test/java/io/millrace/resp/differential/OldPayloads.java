package io.millrace.resp.differential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bodies of dump payloads in the forms of Redis 5 to 6.2, one char per byte, without footer. */
final class OldPayloads {
  private OldPayloads() {}

  static Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    String some = ziplist("a", 1, 12, 13, -1, 300, -40_000, 8_000_000, 1L << 40, "x".repeat(300));
    all.put("list", "\u0001\u0003" + string("one") + "\u00c0\u0005" + string("three"));
    all.put("listzip", "\n" + string(some));
    all.put("quick", "\u000e\u0002" + string(some) + string(ziplist("last", "y".repeat(20_000))));
    all.put("set", "\u0002\u0002" + string("a") + "\u00c1\u0000\u0001");
    all.put("hash", "\u0004\u0001" + string("f") + string("v"));
    all.put("hashzip", "\r" + string(ziplist("f", 1, "g", "text")));
    all.put(
        "zset",
        "\u0003\u0003"
            + string("a")
            + "\u00031.5"
            + string("b")
            + "\u00fe"
            + string("c")
            + "\u00ff");
    all.put("zsetzip", "\f" + string(ziplist("a", 1, "b", "2.5", "c", 12)));
    String entry = listpack(List.of(1, 0, 1, "f", 0, 2, 0, 0, "v", 4));
    all.put(
        "stream",
        "\u000f\u0001"
            + string("\u0000".repeat(7) + "\u0005" + "\u0000".repeat(7) + "\u0001")
            + string(entry)
            + "\u0001\u0005\u0001\u0000");
    return all;
  }

  /** A string of a payload that holds a listpack of words. */
  static String listpackOf(String... words) {
    return string(listpack(List.of((Object[]) words)));
  }

  private static String string(String bytes) {
    int length = bytes.length();
    if (length < 64) {
      return (char) length + bytes;
    }
    if (length < 1 << 14) {
      return "" + (char) (0x40 | length >> 8) + (char) (length & 0xFF) + bytes;
    }
    return "\u0080" + big(length) + bytes;
  }

  private static String big(int value) {
    return new StringBuilder(little(value, 4)).reverse().toString();
  }

  private static String little(long value, int bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      text.append((char) (value >>> 8 * i & 0xFF));
    }
    return text.toString();
  }

  private static String ziplist(Object... elements) {
    StringBuilder body = new StringBuilder();
    int previous = 0;
    int tail = 10;
    for (Object element : elements) {
      tail = 10 + body.length();
      body.append(previous < 254 ? little(previous, 1) : "\u00fe" + little(previous, 4));
      body.append(ziplistEntry(element));
      previous = 10 + body.length() - tail;
    }
    return little(11 + body.length(), 4)
        + little(tail, 4)
        + little(elements.length, 2)
        + body
        + "\u00ff";
  }

  private static String ziplistEntry(Object element) {
    if (element instanceof String text) {
      int length = text.length();
      if (length < 64) {
        return (char) length + text;
      }
      return length < 1 << 14
          ? "" + (char) (0x40 | length >> 8) + (char) (length & 0xFF) + text
          : "\u0080" + big(length) + text;
    }
    long value = ((Number) element).longValue();
    if (value >= 0 && value <= 12) {
      return "" + (char) (0xF1 + value);
    }
    if (value == (byte) value) {
      return "\u00fe" + little(value, 1);
    }
    if (value == (short) value) {
      return "\u00c0" + little(value, 2);
    }
    if (value << 40 >> 40 == value) {
      return "\u00f0" + little(value, 3);
    }
    return value == (int) value ? "\u00d0" + little(value, 4) : "\u00e0" + little(value, 8);
  }

  private static String listpack(List<Object> elements) {
    StringBuilder body = new StringBuilder();
    for (Object element : elements) {
      String entry =
          element instanceof String text
              ? (char) (0x80 | text.length()) + text
              : "" + (char) ((Integer) element).intValue();
      body.append(entry).append((char) entry.length());
    }
    return little(7 + body.length(), 4) + little(elements.size(), 2) + body + "\u00ff";
  }
}
