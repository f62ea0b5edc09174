package io.millrace.resp.command;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How much may wait for a client that does not read: {@code client-output-buffer-limit}. Messages
 * that a client has not asked for one by one (of channels, of keys it tracks, of MONITOR) are
 * bounded in any case: where the class {@code normal} has no limit, that of {@code pubsub} holds.
 *
 * @param hard bytes at which the connection is closed; 0 = none
 * @param soft bytes at which it is closed after a time; 0 = none
 * @param softMs that time
 */
public record OutputLimits(long hard, long soft, long softMs) {
  /** No limit. */
  public static final OutputLimits NONE = new OutputLimits(0, 0, 0);

  private static final Pattern SPACES = Pattern.compile("\\s+");

  /** The limits of a class in the text of the setting. */
  static OutputLimits of(String setting, String type) {
    var words = SPACES.split(setting.strip().toLowerCase(Locale.ROOT));
    for (int i = 0; i + 3 < words.length; i += 4) {
      if (words[i].equals(type)) {
        return new OutputLimits(
            bytes(words[i + 1]), bytes(words[i + 2]), 1000 * bytes(words[i + 3]));
      }
    }
    return NONE;
  }

  private static long bytes(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long unit =
        switch (text.substring(digits)) {
          case "k" -> 1000;
          case "kb" -> 1 << 10;
          case "m" -> 1_000_000;
          case "mb" -> 1 << 20;
          case "g" -> 1_000_000_000;
          case "gb" -> 1 << 30;
          default -> 1;
        };
    return digits == 0 ? 0 : Long.parseLong(text.substring(0, digits)) * unit;
  }

  /** These, or others when there is no limit here. */
  OutputLimits or(OutputLimits others) {
    return hard == 0 && soft == 0 ? others : this;
  }
}
