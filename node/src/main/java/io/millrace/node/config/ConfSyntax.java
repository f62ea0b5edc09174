package io.millrace.node.config;

import java.util.ArrayList;
import java.util.List;

/** The line syntax of {@code redis.conf}: words, double quotes with escapes, single quotes. */
final class ConfSyntax {
  private ConfSyntax() {}

  /** Splits a line into words; a comment line gives none. */
  static List<String> words(String line, String where) {
    var words = new ArrayList<String>();
    var at = skipSpace(line, 0);
    if (at < line.length() && line.charAt(at) == '#') {
      return words;
    }
    while (at < line.length()) {
      var word = new StringBuilder();
      at =
          switch (line.charAt(at)) {
            case '"' -> doubleQuoted(line, at + 1, word, where);
            case '\'' -> singleQuoted(line, at + 1, word, where);
            default -> plain(line, at, word);
          };
      words.add(word.toString());
      if (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
        throw new ConfigException(where + ": a closing quote must be followed by a space");
      }
      at = skipSpace(line, at);
    }
    return words;
  }

  /** Writes a word so that {@link #words} reads it back. */
  static String quote(String word) {
    if (!word.isEmpty() && word.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '\'')) {
      return word;
    }
    var out = new StringBuilder("\"");
    for (var i = 0; i < word.length(); i++) {
      var c = word.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static int skipSpace(String line, int at) {
    var next = at;
    while (next < line.length() && Character.isWhitespace(line.charAt(next))) {
      next++;
    }
    return next;
  }

  private static int plain(String line, int start, StringBuilder word) {
    var at = start;
    while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
      word.append(line.charAt(at++));
    }
    return at;
  }

  private static int singleQuoted(String line, int start, StringBuilder word, String where) {
    for (var at = start; at < line.length(); at++) {
      var c = line.charAt(at);
      if (c == '\\' && at + 1 < line.length() && line.charAt(at + 1) == '\'') {
        word.append('\'');
        at++;
      } else if (c == '\'') {
        return at + 1;
      } else {
        word.append(c);
      }
    }
    throw new ConfigException(where + ": a quote is not closed");
  }

  private static int doubleQuoted(String line, int start, StringBuilder word, String where) {
    for (var at = start; at < line.length(); at++) {
      var c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c != '\\' || at + 1 == line.length()) {
        word.append(c);
        continue;
      }
      var escaped = line.charAt(++at);
      if (escaped == 'x' && at + 2 < line.length() && isHex(line, at + 1)) {
        word.append((char) Integer.parseInt(line.substring(at + 1, at + 3), 16));
        at += 2;
      } else {
        word.append(unescape(escaped));
      }
    }
    throw new ConfigException(where + ": a quote is not closed");
  }

  private static boolean isHex(String line, int at) {
    return Character.digit(line.charAt(at), 16) >= 0
        && Character.digit(line.charAt(at + 1), 16) >= 0;
  }

  private static char unescape(char escaped) {
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> '\u0007';
      default -> escaped;
    };
  }
}
