package io.millrace.node.config;

import java.util.Locale;

/** Sizes as Redis writes them: {@code 1k} is 1000, {@code 1kb} is 1024. */
public final class Bytes {
  private Bytes() {}

  /** Reads a size; negative when it is not one. */
  public static long parse(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    var digits = 0;
    while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits > 18) {
      return -1;
    }
    var unit = unit(lower.substring(digits));
    if (unit < 0) {
      return -1;
    }
    try {
      return Math.multiplyExact(Long.parseLong(lower.substring(0, digits)), unit);
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  private static long unit(String unit) {
    return switch (unit) {
      case "", "b" -> 1;
      case "k" -> 1_000;
      case "kb" -> 1L << 10;
      case "m" -> 1_000_000;
      case "mb" -> 1L << 20;
      case "g" -> 1_000_000_000;
      case "gb" -> 1L << 30;
      default -> -1;
    };
  }

  /** Writes a size the way people read it. */
  public static String text(long bytes) {
    if (bytes >= 1L << 30 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "gb";
    }
    if (bytes >= 1L << 20 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "mb";
    }
    return Long.toString(bytes);
  }
}
