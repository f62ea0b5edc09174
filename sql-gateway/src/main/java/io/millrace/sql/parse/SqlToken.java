package io.millrace.sql.parse;

/**
 * One token of a statement.
 *
 * @param kind what it is
 * @param text its text: words folded to lower case, string literals without quotes
 * @param start offset in the statement
 * @param end offset behind it
 */
public record SqlToken(Kind kind, String text, int start, int end) {
  /** Kinds of tokens. */
  public enum Kind {
    /** Identifier or keyword. */
    WORD,
    /** Identifier in double quotes. */
    QUOTED,
    /** String literal of any spelling. */
    STRING,
    /** Whole number. */
    INTEGER,
    /** Number with a point or an exponent. */
    DECIMAL,
    /** {@code $1}. */
    PARAMETER,
    /** Anything else. */
    SYMBOL
  }

  /** True for this unquoted word. */
  public boolean isWord(String word) {
    return kind == Kind.WORD && text.equals(word);
  }

  /** True for this symbol. */
  public boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }
}
