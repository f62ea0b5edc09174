package io.millrace.engine.event;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of modules, depots, pstates, topologies and event types: {@code [a-z][a-z0-9_]*}. Java's
 * camel case is converted, so that {@code NameSet} and {@code nameSet} become {@code name_set}.
 */
public final class Names {
  private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern HUMP =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private Names() {}

  /** Converts camel case to snake case; a snake case name stays as it is. */
  public static String snakeCase(String name) {
    return HUMP.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  /**
   * Converts and checks a name.
   *
   * @param kind what is named, for the message
   * @throws IllegalArgumentException when the name is not valid
   */
  public static String check(String kind, String name) {
    var converted = snakeCase(name);
    if (!VALID.matcher(converted).matches()) {
      throw new IllegalArgumentException(
          kind + " name '" + name + "' is not valid: use [a-z][a-z0-9_]*");
    }
    return converted;
  }
}
