package io.millrace.benchmarks.large;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The data: everything follows from an index, so every answer can be computed again. */
final class Oracle {
  static final String HASH = "big:hash";
  static final String SORTED = "big:sorted";

  private static final int VALUE_BYTES = 384;
  private static final int FIELD_BYTES = 20;
  private static final int DIGITS = 10;

  /**
   * How much there is.
   *
   * @param strings keys of 16 bytes with values of 384
   * @param fields fields of one hash, 12 + 20 bytes
   * @param members members of one sorted set, 12 bytes and a score
   * @param policies rows of a pstate, fed as events over HTTP
   */
  record Size(long strings, long fields, long members, long policies) {
    private static final long FULL_STRINGS = 7_300_000;
    private static final long FULL_ELEMENTS = 5_000_000;
    private static final long FULL_POLICIES = 500_000;
    private static final int POLICY_BYTES = 100;

    /** The full size is 1.0: 3 GiB. */
    static Size of(double scale) {
      return new Size(
          (long) (FULL_STRINGS * scale),
          (long) (FULL_ELEMENTS * scale),
          (long) (FULL_ELEMENTS * scale),
          (long) (FULL_POLICIES * scale));
    }

    /** Bytes of keys, values, fields, members, scores and rows, as a client counts them. */
    long bytes() {
      return strings * (16 + VALUE_BYTES)
          + fields * (2 + DIGITS + FIELD_BYTES)
          + members * (2 + DIGITS + 8)
          + policies * POLICY_BYTES;
    }
  }

  private Oracle() {}

  static byte[] key(long i) {
    return named("key-", 12, i);
  }

  static byte[] value(long i) {
    return letters(i, VALUE_BYTES);
  }

  static byte[] field(long i) {
    return named("f:", DIGITS, i);
  }

  static byte[] fieldValue(long i) {
    return letters(~i, FIELD_BYTES);
  }

  static byte[] member(long i) {
    return named("m:", DIGITS, i);
  }

  /** A whole number that a double holds exactly. */
  static long score(long i) {
    return mix(i * 3) >>> 12;
  }

  /** The index in a name. */
  static long index(byte[] name, int prefix) {
    long number = 0;
    for (int i = prefix; i < name.length; i++) {
      number = number * 10 + name[i] - '0';
    }
    return number;
  }

  static String policyEvent(long i) {
    return String.format(
        Locale.ROOT,
        "{\"policyId\":%d,\"happenedAt\":%d,\"firstName\":\"%s\",\"lastName\":\"%s\","
            + "\"carrier\":\"%s\",\"premiumCents\":%d,\"renewsOn\":\"2030-01-01\"}",
        i,
        i * 1000,
        firstName(i),
        lastName(i),
        "carrier " + i % 7,
        premium(i));
  }

  static String firstName(long i) {
    return new String(letters(i + 1_000_003, 8), StandardCharsets.ISO_8859_1);
  }

  static String lastName(long i) {
    return new String(letters(i + 2_000_003, 12), StandardCharsets.ISO_8859_1);
  }

  static long premium(long i) {
    return mix(i + 5) >>> 40;
  }

  private static byte[] named(String prefix, int digits, long i) {
    byte[] name = new byte[prefix.length() + digits];
    Arrays.fill(name, (byte) '0');
    for (int at = 0; at < prefix.length(); at++) {
      name[at] = (byte) prefix.charAt(at);
    }
    int at = name.length;
    for (long rest = i; rest > 0; rest /= 10) {
      name[--at] = (byte) ('0' + rest % 10);
    }
    return name;
  }

  private static byte[] letters(long seed, int length) {
    byte[] text = new byte[length];
    long state = seed;
    for (int at = 0; at < length; ) {
      state += 0x9E3779B97F4A7C15L;
      long bits = mix(state);
      for (int i = 0; i < 12 && at < length; i++) {
        text[at++] = (byte) ('a' + (bits & 31) % 26);
        bits >>>= 5;
      }
    }
    return text;
  }

  static long mix(long z) {
    long x = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }
}
