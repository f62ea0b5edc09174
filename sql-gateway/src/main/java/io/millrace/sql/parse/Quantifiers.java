package io.millrace.sql.parse;

import java.util.Set;

/** How {@code ANY (array)} and {@code ALL (array)} are handed through Calcite's parser. */
public final class Quantifiers {
  /** Function name that stands for ANY and SOME, quoted as in the parser's text. */
  static final String ANY = "\"any of array\"";

  /** Function name that stands for ALL. */
  static final String ALL = "\"all of array\"";

  static final Set<String> OPERATORS =
      Set.of("=", "<>", "!=", "<", "<=", ">", ">=", "~", "~*", "!~", "!~*", "~~", "!~~");

  private Quantifiers() {}

  /** True for the name of either. */
  public static boolean isName(String function) {
    return ANY.equals('"' + function + '"') || isAll(function);
  }

  /** True for the name that stands for ALL. */
  public static boolean isAll(String function) {
    return ALL.equals('"' + function + '"');
  }
}
