package io.millrace.sql.parse;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.types.Utf8;
import java.io.ByteArrayOutputStream;

/**
 * The text of an {@code E'...'} literal. Bytes given as octal or hex numbers have to be valid UTF-8
 * together, as in PostgreSQL.
 */
final class EscapeString {
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final String sql;

  EscapeString(String sql) {
    this.sql = sql;
  }

  /** Adds a plain character. */
  void add(char c) {
    endBytes();
    text.append(c);
  }

  /** Reads what stands behind a backslash; answers the index behind it. */
  int escape(int at) {
    var c = sql.charAt(at);
    return switch (c) {
      case 'u' -> unicode(at + 1, 4);
      case 'U' -> unicode(at + 1, 8);
      case 'x' -> {
        var end = digits(at + 1, 2, 16);
        if (end == at + 1) {
          add(c);
        } else {
          bytes.write(Integer.parseInt(sql, at + 1, end, 16));
        }
        yield end;
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        var end = digits(at, 3, 8);
        bytes.write(Integer.parseInt(sql, at, end, 8));
        yield end;
      }
      default -> {
        add(
            switch (c) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case 'b' -> '\b';
              case 'f' -> '\f';
              default -> c;
            });
        yield at + 1;
      }
    };
  }

  private int digits(int from, int most, int radix) {
    var at = from;
    while (at < sql.length() && at < from + most && isDigit(sql.charAt(at), radix)) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c, int radix) {
    return c < 128 && Character.digit(c, radix) >= 0;
  }

  private int unicode(int from, int length) {
    endBytes();
    var end = digits(from, length, 16);
    if (end != from + length) {
      throw new SqlProblem("22025", "invalid Unicode escape", from - 1, null, null);
    }
    var value = Long.parseLong(sql, from, end, 16);
    if (value == 0 || value > Character.MAX_CODE_POINT) {
      throw new SqlProblem(
          SqlState.SYNTAX_ERROR, "invalid Unicode escape value", from - 1, null, null);
    }
    text.appendCodePoint((int) value);
    return end;
  }

  private void endBytes() {
    if (bytes.size() > 0) {
      text.append(Utf8.value(bytes.toByteArray()));
      bytes.reset();
    }
  }

  /** The whole text. */
  String text() {
    endBytes();
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new SqlProblem(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair");
      }
    }
    return text.toString();
  }
}
