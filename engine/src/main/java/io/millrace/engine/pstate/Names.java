package io.millrace.engine.pstate;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of modules, depots, pstates, topologies and fields. */
public final class Names {
  private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9_]*");

  private Names() {}

  /** A Java name in snake case: {@code nameSet} becomes {@code name_set}. */
  public static String snake(String name) {
    var upper = -1;
    for (var i = 0; i < name.length(); i++) {
      if (Character.isUpperCase(name.charAt(i))) {
        upper = i;
        break;
      }
    }
    return upper < 0
        ? name
        : name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
            .toLowerCase(Locale.ROOT);
  }

  /**
   * Checks a name.
   *
   * @param what what is named, for the message
   * @throws SchemaException when the name does not match {@code [a-z][a-z0-9_]*}
   */
  public static void check(String what, String name) {
    if (!VALID.matcher(name).matches()) {
      throw new SchemaException(
          "the name of a " + what + " must match [a-z][a-z0-9_]*, got name=" + name);
    }
  }
}
