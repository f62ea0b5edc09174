package io.millrace.resp.keyspace;

import java.util.Map;

/** The letters of notify-keyspace-events. */
public final class EventClasses {
  private static final String ALL = "g$lshzxetd";
  private static final String LETTERS = "Ag$lshzxeKEtmdn";
  private static final String ORDER = "g$lshzxetdnKEm";

  private static final Map<Character, Integer> BITS =
      Map.ofEntries(
          Map.entry('g', KeyspaceEvents.GENERIC),
          Map.entry('$', KeyspaceEvents.STRING),
          Map.entry('l', KeyspaceEvents.LIST),
          Map.entry('s', KeyspaceEvents.SET),
          Map.entry('h', KeyspaceEvents.HASH),
          Map.entry('z', KeyspaceEvents.ZSET),
          Map.entry('t', KeyspaceEvents.STREAM),
          Map.entry('x', KeyspaceEvents.EXPIRED),
          Map.entry('e', KeyspaceEvents.EVICTED),
          Map.entry('m', KeyspaceEvents.KEY_MISS),
          Map.entry('n', KeyspaceEvents.NEW),
          Map.entry('K', KeyspaceEvents.BY_KEY),
          Map.entry('E', KeyspaceEvents.BY_EVENT));

  private EventClasses() {}

  /**
   * The classes of {@link KeyspaceEvents} that letters stand for; 0 when nothing would be
   * published.
   */
  public static int classes(String letters) {
    int classes = 0;
    for (char letter : normalise(letters).replace("A", ALL).toCharArray()) {
      classes |= BITS.getOrDefault(letter, 0);
    }
    return (classes & (KeyspaceEvents.BY_KEY | KeyspaceEvents.BY_EVENT)) == 0 ? 0 : classes;
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
