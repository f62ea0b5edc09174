package io.millrace.sql.parse;

import java.util.List;

/**
 * One statement as written.
 *
 * @param text its text
 * @param offset where it starts in the query the client sent; token offsets count from there too
 * @param tokens its tokens, at least one
 */
public record Statement(String text, int offset, List<SqlToken> tokens) {
  /** True when the statement starts with these words. */
  public boolean startsWith(String... words) {
    if (tokens.size() < words.length) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!tokens.get(i).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** The first word, upper case, or the first symbol. */
  public String verb() {
    return tokens.getFirst().text().toUpperCase(java.util.Locale.ROOT);
  }
}
