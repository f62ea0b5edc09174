package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's regular expressions in the words of RE2. What only a machine that goes back can do
 * (back references, looking around) is refused, and so is what would grow without measure.
 */
final class RegexWords {
  private static final int MOST_LENGTH = 10_000;
  private static final int MOST_DEPTH = 200;
  private static final int MOST_REPEATS = 255;
  private static final int MOST_COST = 100_000;

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private boolean ignoreCase;
  private boolean lines;
  private boolean dotIsAll = true;
  private boolean lazy;
  private int at;
  private int depth;
  private long repeats = 1;

  private RegexWords(String source, boolean ignoreCase) {
    this.source = source;
    this.ignoreCase = ignoreCase;
  }

  /**
   * A pattern in RE2's words.
   *
   * @param regex what RE2 reads
   * @param longest whether the longest match is meant, as it is without lazy quantifiers
   * @param cost about how many steps a character may take
   */
  record Translated(
      String regex,
      boolean ignoreCase,
      boolean dotIsAll,
      boolean lines,
      boolean longest,
      int cost) {}

  /** Of an advanced regular expression, as the operator {@code ~} takes it. */
  static Translated posix(String source, boolean ignoreCase) {
    if (source.startsWith("***=")) {
      return similarly(source.substring(4), null).literal(ignoreCase);
    }
    var words = new RegexWords(source, ignoreCase);
    words.at = source.startsWith("***:") ? 4 : 0;
    words.options();
    words.translate();
    return words.done();
  }

  /**
   * Of a pattern of SIMILAR TO, which matches the whole text.
   *
   * @param escape its escape character; empty for none, null for the backslash
   */
  static Translated similar(String source, @Nullable String escape) {
    if (escape != null && escape.codePointCount(0, escape.length()) > 1) {
      throw new SqlProblem(
          "22019", "invalid escape string: it must be empty or one character, not " + escape);
    }
    return similarly(source, escape).similar();
  }

  private static RegexWords similarly(String source, @Nullable String escape) {
    var words = new RegexWords(source, false);
    words.escape = escape == null ? "\\" : escape;
    return words;
  }

  private String escape = "\\";

  private Translated literal(boolean anyCase) {
    ignoreCase = anyCase;
    for (at = 0; at < source.length(); at++) {
      quoted(source.charAt(at));
    }
    return done();
  }

  private Translated done() {
    var cost = repeats * Math.max(1, source.length());
    if (source.length() > MOST_LENGTH || cost > MOST_COST) {
      throw new SqlProblem(SqlState.LIMIT_EXCEEDED, "regular expression is too complex");
    }
    return new Translated(out.toString(), ignoreCase, dotIsAll, lines, !lazy, (int) cost);
  }

  /** Options in front, such as {@code (?i)}. */
  private void options() {
    if (!source.startsWith("(?", at)
        || at + 2 >= source.length()
        || !Character.isLetter(source.charAt(at + 2))) {
      return;
    }
    var end = source.indexOf(')', at);
    if (end < 0) {
      throw invalid("parentheses () not balanced");
    }
    for (var option : source.substring(at + 2, end).toCharArray()) {
      switch (option) {
        case 'i' -> ignoreCase = true;
        case 'c' -> ignoreCase = false;
        case 'n', 'm' -> {
          lines = true;
          dotIsAll = false;
        }
        case 'p' -> dotIsAll = false;
        case 'w' -> lines = true;
        case 's', 't', 'e' -> {
          // As it is.
        }
        default -> throw refused("the option (?" + option + ")");
      }
    }
    at = end + 1;
  }

  private void translate() {
    while (at < source.length()) {
      var c = source.charAt(at++);
      switch (c) {
        case '\\' -> escaped(false);
        case '[' -> bracket();
        case '(' -> open();
        case ')' -> {
          depth--;
          out.append(c);
        }
        case '*', '+', '?' -> {
          lazy();
          out.append(c);
        }
        case '{' -> bound();
        default -> out.append(c);
      }
    }
  }

  private void lazy() {
    if (at < source.length() && source.charAt(at) == '?') {
      lazy = true;
    }
  }

  private void open() {
    if (++depth > MOST_DEPTH) {
      throw new SqlProblem(SqlState.LIMIT_EXCEEDED, "regular expression is too complex");
    }
    if (!source.startsWith("?", at)) {
      out.append('(');
      return;
    }
    if (!source.startsWith("?:", at)) {
      var ahead = source.startsWith("?=", at) || source.startsWith("?!", at);
      var behind = source.startsWith("?<", at);
      throw ahead || behind ? refused("looking ahead or behind") : invalid("quantifier operand");
    }
    out.append("(?:");
    at += 2;
  }

  /** A brace that begins a bound, or stands for itself. */
  private void bound() {
    var end = source.indexOf('}', at);
    if (at >= source.length() || !Character.isDigit(source.charAt(at))) {
      out.append("\\{");
      return;
    }
    var words = end < 0 ? "" : source.substring(at, end);
    if (!words.matches("\\d{1,4}(,\\d{0,4})?")) {
      throw invalid("invalid repetition count(s)");
    }
    for (var number : words.split(",")) {
      if (Integer.parseInt(number) > MOST_REPEATS) {
        throw invalid("invalid repetition count(s): at most " + MOST_REPEATS);
      }
    }
    repeats +=
        Integer.parseInt(
            words.substring(words.indexOf(',') + 1).isEmpty()
                ? words.substring(0, words.length() - 1)
                : words.substring(words.indexOf(',') + 1));
    out.append('{').append(words).append('}');
    at = end + 1;
    lazy();
  }

  /** What follows a backslash. */
  private void escaped(boolean inBracket) {
    if (at >= source.length()) {
      throw invalid("invalid escape \\ sequence");
    }
    var c = source.charAt(at++);
    switch (c) {
      case 'd', 's', 'w' -> out.append('\\').append(c);
      case 'D', 'S', 'W', 'A', 'Z', 'y', 'Y', 'm', 'M' -> {
        if (inBracket) {
          throw invalid("invalid escape \\ sequence");
        }
        constraint(c);
      }
      case 'a' -> code(7);
      case 'b' -> code(8);
      case 'B' -> code('\\');
      case 'e' -> code(27);
      case 'f' -> code(12);
      case 'n' -> code('\n');
      case 'r' -> code('\r');
      case 't' -> code('\t');
      case 'v' -> code(11);
      case 'x' -> hex(1, 8);
      case 'u' -> hex(4, 4);
      case 'U' -> hex(8, 8);
      case '0' -> code(0);
      default -> {
        if (Character.isDigit(c)) {
          throw refused("a back reference");
        }
        if (Character.isLetter(c) && c < 128) {
          throw invalid("invalid escape \\ sequence");
        }
        quoted(c);
      }
    }
  }

  private void constraint(char c) {
    switch (c) {
      case 'Z' -> out.append("\\z");
      case 'y' -> out.append("\\b");
      case 'Y' -> out.append("\\B");
      case 'm', 'M' -> throw refused("the constraint \\" + c);
      default -> out.append('\\').append(c);
    }
  }

  private void code(int point) {
    out.append("\\x{").append(Integer.toHexString(point)).append('}');
  }

  private void hex(int least, int most) {
    var end = at;
    while (end < source.length()
        && end - at < most
        && Character.digit(source.charAt(end), 16) >= 0) {
      end++;
    }
    if (end - at < least) {
      throw invalid("invalid escape \\ sequence");
    }
    var point = Long.parseLong(source, at, end, 16);
    if (point > Character.MAX_CODE_POINT) {
      throw invalid("invalid escape \\ sequence");
    }
    code((int) point);
    at = end;
  }

  private void quoted(char c) {
    if (c < 128 && !Character.isLetterOrDigit(c)) {
      code(c);
    } else {
      out.append(c);
    }
  }

  private void bracket() {
    out.append('[');
    if (source.startsWith("^", at)) {
      out.append('^');
      at++;
      if (!dotIsAll) {
        out.append("\\n");
      }
    }
    var first = at;
    while (true) {
      if (at >= source.length()) {
        throw invalid("brackets [] not balanced");
      }
      var c = source.charAt(at++);
      if (c == ']' && at - 1 > first) {
        out.append(']');
        return;
      }
      if (c == '[') {
        inner();
      } else if (c == '\\') {
        escaped(true);
      } else if (c == '-') {
        out.append(c);
      } else {
        quoted(c);
      }
    }
  }

  /** A class, a collating element or an equivalence class within brackets. */
  private void inner() {
    var kind = at < source.length() ? source.charAt(at) : ' ';
    if (kind != ':' && kind != '.' && kind != '=') {
      quoted('[');
      return;
    }
    var end = source.indexOf(kind + "]", at + 1);
    if (end < 0) {
      throw invalid("brackets [] not balanced");
    }
    var name = source.substring(at + 1, end);
    at = end + 2;
    if (kind == ':') {
      if (name.equals("<") || name.equals(">")) {
        throw refused("the constraint [[:" + name + ":]]");
      }
      if (!name.matches("[a-z]{1,10}")) {
        throw invalid("invalid character class");
      }
      out.append("[:").append(name).append(":]");
    } else if (name.length() == 1) {
      quoted(name.charAt(0));
    } else {
      throw invalid("invalid collating element");
    }
  }

  /** The pattern of SIMILAR TO: percent, underscore, and what both kinds share. */
  private Translated similar() {
    dotIsAll = true;
    out.append("\\A(?:");
    while (at < source.length()) {
      var c = source.charAt(at);
      if (!escape.isEmpty() && source.startsWith(escape, at)) {
        at += escape.length();
        if (at >= source.length()) {
          throw new SqlProblem("22025", "SIMILAR TO pattern must not end with escape character");
        }
        quoted(source.charAt(at++));
        continue;
      }
      at++;
      switch (c) {
        case '%' -> out.append(".*");
        case '_' -> out.append('.');
        case '(' -> {
          open();
          out.setLength(out.length() - 1);
          out.append("(?:");
        }
        case '[' -> similarBracket();
        case '{' -> bound();
        case '|', '*', '+', '?', ')' -> out.append(c);
        default -> quoted(c);
      }
    }
    out.append(")\\z");
    return done();
  }

  private void similarBracket() {
    out.append('[');
    if (source.startsWith("^", at)) {
      out.append('^');
      at++;
    }
    var first = at;
    while (at < source.length()) {
      var c = source.charAt(at++);
      if (c == ']' && at - 1 > first) {
        out.append(']');
        return;
      }
      if (!escape.isEmpty() && escape.charAt(0) == c && at < source.length()) {
        quoted(source.charAt(at++));
      } else if (c == '[') {
        inner();
      } else if (c == '-') {
        out.append(c);
      } else {
        quoted(c);
      }
    }
    throw invalid("brackets [] not balanced");
  }

  static SqlProblem invalid(String why) {
    return new SqlProblem(SqlState.INVALID_REGEX, "invalid regular expression: " + why);
  }

  private static SqlProblem refused(String what) {
    return new SqlProblem(
        SqlState.FEATURE_NOT_SUPPORTED,
        "regular expressions cannot use " + what + ": they are matched in linear time");
  }
}
