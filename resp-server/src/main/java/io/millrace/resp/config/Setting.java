package io.millrace.resp.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting of CONFIG GET and CONFIG SET.
 *
 * @param name name
 * @param kind bool, int, signed, memory, text, or the words of a choice
 * @param initial value at start
 * @param alias the setting that this name stands for, or null
 * @param fixed true when it can only be set at start
 */
record Setting(String name, String kind, String initial, @Nullable String alias, boolean fixed) {

  static Setting parse(String line) {
    var cells = List.of(line.split("\t", -1));
    var words = cells.size() > 3 ? List.of(cells.get(3).split(" ")) : List.<String>of();
    String alias = null;
    for (var word : words) {
      if (word.startsWith("alias=")) {
        alias = word.substring("alias=".length());
      }
    }
    var initial = cells.size() > 2 ? cells.get(2) : "";
    return new Setting(cells.get(0), cells.get(1), initial, alias, words.contains("fixed"));
  }

  /** The value in the form in which it is kept. */
  String normalise(String text) {
    return switch (kind) {
      case "bool" -> yesOrNo(text);
      case "int" -> bounded(text, 0, Integer.MAX_VALUE);
      case "signed" -> bounded(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "memory" -> memory(text);
      case "text" -> text;
      default -> choice(text);
    };
  }

  private static String yesOrNo(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals("yes") && !lower.equals("no")) {
      throw new IllegalArgumentException("argument must be 'yes' or 'no'");
    }
    return lower;
  }

  private static String bounded(String text, long low, long high) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("argument couldn't be parsed into an integer", notANumber);
    }
    return inside(value, low, high);
  }

  private static String inside(long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "argument must be between " + low + " and " + high + " inclusive");
    }
    return Long.toString(value);
  }

  private static String memory(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < lower.length() && "-0123456789".indexOf(lower.charAt(digits)) >= 0) {
      digits++;
    }
    long unit =
        switch (lower.substring(digits)) {
          case "", "b" -> 1;
          case "k" -> 1000;
          case "kb" -> 1024;
          case "m" -> 1000_000;
          case "mb" -> 1 << 20;
          case "g" -> 1000_000_000;
          case "gb" -> 1 << 30;
          default -> throw new IllegalArgumentException("argument must be a memory value");
        };
    try {
      long value = Math.multiplyExact(Long.parseLong(lower.substring(0, digits)), unit);
      if (value < 0) {
        throw new ArithmeticException("negative");
      }
      return Long.toString(value);
    } catch (NumberFormatException | ArithmeticException notANumber) {
      throw new IllegalArgumentException("argument must be a memory value", notANumber);
    }
  }

  private String choice(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    var words = List.of(kind.split(" "));
    if (!words.contains(lower)) {
      throw new IllegalArgumentException(
          "argument(s) must be one of the following: " + String.join(", ", words));
    }
    return lower;
  }
}
