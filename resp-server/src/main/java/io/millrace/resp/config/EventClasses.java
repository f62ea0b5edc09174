package io.millrace.resp.config;

import io.millrace.resp.keyspace.Signals;
import java.util.Map;

/** The letters of notify-keyspace-events. */
public final class EventClasses {
  private static final String ALL = "g$lshzxetd";
  private static final String LETTERS = "Ag$lshzxeKEtmdn";
  private static final String ORDER = "g$lshzxetdnKEm";

  private static final Map<Character, Integer> BITS =
      Map.ofEntries(
          Map.entry('g', Signals.GENERIC),
          Map.entry('$', Signals.STRING),
          Map.entry('l', Signals.LIST),
          Map.entry('s', Signals.SET),
          Map.entry('h', Signals.HASH),
          Map.entry('z', Signals.ZSET),
          Map.entry('t', Signals.STREAM),
          Map.entry('x', Signals.EXPIRED),
          Map.entry('e', Signals.EVICTED),
          Map.entry('m', Signals.KEY_MISS),
          Map.entry('n', Signals.NEW),
          Map.entry('K', Signals.BY_KEY),
          Map.entry('E', Signals.BY_EVENT));

  private EventClasses() {}

  /** The classes of {@link Signals} that letters stand for; 0 when nothing would be published. */
  public static int classes(String letters) {
    int classes = 0;
    for (char letter : normalise(letters).replace("A", ALL).toCharArray()) {
      classes |= BITS.getOrDefault(letter, 0);
    }
    return (classes & (Signals.BY_KEY | Signals.BY_EVENT)) == 0 ? 0 : classes;
  }

  /** The letters in Redis's order, with A for all classes. */
  public static String normalise(String text) {
    var given = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (LETTERS.indexOf(c) < 0) {
        throw new IllegalArgumentException("Invalid event class character. Use '" + LETTERS + "'.");
      }
      given.append(c == 'A' ? ALL : String.valueOf(c));
    }
    var out = new StringBuilder();
    boolean all = ALL.chars().allMatch(c -> given.indexOf(String.valueOf((char) c)) >= 0);
    if (all) {
      out.append('A');
    }
    for (int i = 0; i < ORDER.length(); i++) {
      char c = ORDER.charAt(i);
      if (given.indexOf(String.valueOf(c)) >= 0 && !(all && ALL.indexOf(c) >= 0)) {
        out.append(c);
      }
    }
    return out.toString();
  }
}
