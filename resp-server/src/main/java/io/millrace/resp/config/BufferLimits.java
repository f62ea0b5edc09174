package io.millrace.resp.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code client-output-buffer-limit}: per class of clients a hard limit, a soft limit
 * and the seconds that the soft one may be exceeded. Whoever sets some classes leaves the others.
 */
public final class BufferLimits {
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private BufferLimits() {}

  /** What holds when classes are set: all of them, with plain numbers. */
  static String merge(String present, String change) {
    var all = parse(present);
    all.putAll(parse(change));
    var words = new ArrayList<String>();
    all.forEach((type, limits) -> {
      words.add(type);
      words.addAll(limits);
    });
    return String.join(" ", words);
  }

  /**
   * The limits of a class in a text made by {@link #merge}.
   *
   * @return hard limit, soft limit, seconds; what a long cannot hold is the highest long
   */
  public static long[] of(String text, String type) {
    return parse(text).getOrDefault(type, List.of("0", "0", "0")).stream()
        .map(BigInteger::new)
        .mapToLong(number -> number.bitLength() < Long.SIZE ? number.longValue() : Long.MAX_VALUE)
        .toArray();
  }

  private static Map<String, List<String>> parse(String text) {
    var all = new LinkedHashMap<String, List<String>>();
    if (text.isEmpty()) {
      return all;
    }
    var words = text.split(" ", -1);
    if (words.length % 4 != 0) {
      throw new IllegalArgumentException(
          "Wrong number of arguments in buffer limit configuration.");
    }
    for (int i = 0; i < words.length; i += 4) {
      var limits = List.of(memory(words[i + 1]), memory(words[i + 2]), seconds(words[i + 3]));
      all.put(type(words[i]), limits);
    }
    return all;
  }

  private static String type(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "normal" -> "normal";
      case "slave", "replica" -> "slave";
      case "pubsub" -> "pubsub";
      default ->
          throw new IllegalArgumentException(
              "Invalid client class specified in buffer limit configuration.");
    };
  }

  private static String memory(String word) {
    int digits = 0;
    while (digits < word.length() && word.charAt(digits) >= '0' && word.charAt(digits) <= '9') {
      digits++;
    }
    if (digits == 0) {
      throw wrongNumber(null);
    }
    long unit =
        switch (word.substring(digits).toLowerCase(Locale.ROOT)) {
          case "", "b" -> 1;
          case "k" -> 1000;
          case "kb" -> 1 << 10;
          case "m" -> 1_000_000;
          case "mb" -> 1 << 20;
          case "g" -> 1_000_000_000;
          case "gb" -> 1 << 30;
          default -> throw wrongNumber(null);
        };
    var bytes = new BigInteger(word.substring(0, digits)).multiply(BigInteger.valueOf(unit));
    return bytes.min(MOST).toString();
  }

  private static String seconds(String word) {
    try {
      long seconds = Long.parseLong(word);
      if (seconds >= 0) {
        return Long.toString(seconds);
      }
    } catch (NumberFormatException notANumber) {
      throw wrongNumber(notANumber);
    }
    throw wrongNumber(null);
  }

  private static IllegalArgumentException wrongNumber(@Nullable NumberFormatException cause) {
    return new IllegalArgumentException(
        "Error in hard, soft or soft_seconds setting in buffer limit configuration.", cause);
  }
}
