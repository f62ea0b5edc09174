package io.millrace.sql.parse;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts PostgreSQL text into tokens; comments and white space are dropped. */
public final class Lexer {
  private final String sql;
  private final List<SqlToken> tokens = new ArrayList<>();
  private int at;

  private Lexer(String sql) {
    this.sql = sql;
  }

  /** All tokens of a text. */
  public static List<SqlToken> tokens(String sql) {
    var lexer = new Lexer(sql);
    while (lexer.skipBlank()) {
      lexer.token();
    }
    return lexer.tokens;
  }

  /** Cuts a text into statements at its top-level semicolons; empty ones are kept out. */
  public static List<Statement> statements(String sql) {
    var statements = new ArrayList<Statement>();
    var current = new ArrayList<SqlToken>();
    var begin = 0;
    for (var token : tokens(sql)) {
      if (token.isSymbol(";")) {
        if (!current.isEmpty()) {
          statements.add(statement(sql, begin, token.start(), current));
        }
        current = new ArrayList<>();
        begin = token.end();
      } else {
        current.add(token);
      }
    }
    if (!current.isEmpty()) {
      statements.add(statement(sql, begin, sql.length(), current));
    }
    return statements;
  }

  private static Statement statement(String sql, int from, int to, List<SqlToken> tokens) {
    return new Statement(sql.substring(from, to), from, List.copyOf(tokens));
  }

  private boolean skipBlank() {
    while (at < sql.length()) {
      var c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '-' && sql.startsWith("--", at)) {
        var end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (c == '/' && sql.startsWith("/*", at)) {
        comment();
      } else {
        return true;
      }
    }
    return false;
  }

  private void comment() {
    var start = at;
    int depth = 0;
    do {
      if (at >= sql.length()) {
        throw problem("unterminated /* comment", start);
      }
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0);
  }

  private void token() {
    var c = sql.charAt(at);
    var next = at + 1 < sql.length() ? sql.charAt(at + 1) : '\0';
    if ((c == 'e' || c == 'E') && next == '\'') {
      escaped();
    } else if (c == '\'') {
      string();
    } else if (c == '"') {
      quoted();
    } else if (Character.isLetter(c) || c == '_') {
      word();
    } else if (isDigit(c) || (c == '.' && isDigit(next))) {
      number();
    } else if (c == '$') {
      dollar(next);
    } else {
      symbol(c, next);
    }
  }

  private void add(SqlToken.Kind kind, String text, int start) {
    tokens.add(new SqlToken(kind, text, start, at));
  }

  private void word() {
    var start = at;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    add(SqlToken.Kind.WORD, sql.substring(start, at).toLowerCase(Locale.ROOT), start);
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void number() {
    var start = at;
    var decimal = false;
    while (at < sql.length()) {
      var c = sql.charAt(at);
      if (c == '.') {
        decimal = true;
      } else if ((c == 'e' || c == 'E') && exponentFollows()) {
        decimal = true;
        at++;
      } else if (!isDigit(c)) {
        break;
      }
      at++;
    }
    add(decimal ? SqlToken.Kind.DECIMAL : SqlToken.Kind.INTEGER, sql.substring(start, at), start);
  }

  private boolean exponentFollows() {
    int look = at + 1;
    if (look < sql.length() && (sql.charAt(look) == '+' || sql.charAt(look) == '-')) {
      look++;
    }
    return look < sql.length() && isDigit(sql.charAt(look));
  }

  private void string() {
    var start = at;
    var text = new StringBuilder();
    at++;
    while (true) {
      if (at >= sql.length()) {
        throw problem("unterminated quoted string", start);
      }
      var c = sql.charAt(at++);
      if (c == '\'') {
        if (at >= sql.length() || sql.charAt(at) != '\'') {
          break;
        }
        at++;
      }
      text.append(c);
    }
    add(SqlToken.Kind.STRING, text.toString(), start);
  }

  private void escaped() {
    var start = at;
    var text = new EscapeString(sql);
    at += 2;
    while (true) {
      if (at >= sql.length()) {
        throw problem("unterminated quoted string", start);
      }
      var c = sql.charAt(at++);
      if (c == '\\' && at < sql.length()) {
        at = text.escape(at);
      } else if (c == '\'') {
        if (at >= sql.length() || sql.charAt(at) != '\'') {
          break;
        }
        at++;
        text.add(c);
      } else {
        text.add(c);
      }
    }
    add(SqlToken.Kind.STRING, text.text(), start);
  }

  private void quoted() {
    var start = at;
    var text = new StringBuilder();
    at++;
    while (true) {
      if (at >= sql.length()) {
        throw problem("unterminated quoted identifier", start);
      }
      var c = sql.charAt(at++);
      if (c == '"') {
        if (at >= sql.length() || sql.charAt(at) != '"') {
          break;
        }
        at++;
      }
      text.append(c);
    }
    add(SqlToken.Kind.QUOTED, text.toString(), start);
  }

  private void dollar(char next) {
    var start = at;
    if (isDigit(next)) {
      at++;
      while (at < sql.length() && isDigit(sql.charAt(at))) {
        at++;
      }
      add(SqlToken.Kind.PARAMETER, sql.substring(start + 1, at), start);
      return;
    }
    int tagEnd = sql.indexOf('$', at + 1);
    if (tagEnd < 0 || !sql.substring(at + 1, tagEnd).matches("[A-Za-z_]?\\w*")) {
      at++;
      add(SqlToken.Kind.SYMBOL, "$", start);
      return;
    }
    var tag = sql.substring(at, tagEnd + 1);
    var close = sql.indexOf(tag, tagEnd + 1);
    if (close < 0) {
      throw problem("unterminated dollar-quoted string", start);
    }
    at = close + tag.length();
    add(SqlToken.Kind.STRING, sql.substring(tagEnd + 1, close), start);
  }

  private void symbol(char c, char next) {
    var start = at;
    var two = "" + c + next;
    at +=
        switch (two) {
          case "::", "<=", ">=", "<>", "!=", "||", "!~", "~*", "->", "=>" -> 2;
          default -> 1;
        };
    if (two.equals("!~") && at < sql.length() && sql.charAt(at) == '*') {
      at++;
    }
    if (two.equals("->") && at < sql.length() && sql.charAt(at) == '>') {
      at++;
    }
    add(SqlToken.Kind.SYMBOL, sql.substring(start, at), start);
  }

  private static SqlProblem problem(String message, int offset) {
    return new SqlProblem(SqlState.SYNTAX_ERROR, message, offset + 1, null, null);
  }
}
