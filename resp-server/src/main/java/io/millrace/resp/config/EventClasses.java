package io.millrace.resp.config;

/** The letters of notify-keyspace-events. */
public final class EventClasses {
  private static final String ALL = "g$lshzxetd";
  private static final String LETTERS = "Ag$lshzxeKEtmdn";
  private static final String ORDER = "g$lshzxetdKEmn";

  private EventClasses() {}

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
