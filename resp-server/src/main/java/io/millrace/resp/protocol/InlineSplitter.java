package io.millrace.resp.protocol;

/**
 * Splits an inline command into arguments, quotes included. Quoted arguments are unescaped in
 * place: they never get longer, and the line is not needed again.
 */
final class InlineSplitter {
  private static final String[] FOREIGN = {"POST", "PUT", "OPTIONS", "HEAD", "PATCH", "HOST:"};

  private InlineSplitter() {}

  /** Number of arguments written behind the header of the next command, or -1 when unbalanced. */
  static int split(byte[] in, int start, int stop, CommandBatch out) {
    int base = out.size + CommandBatch.HEADER;
    int count = 0;
    int at = start;
    while (true) {
      while (at < stop && isSpace(in[at])) {
        at++;
      }
      if (at >= stop) {
        return count;
      }
      int begin = at;
      int write = at;
      byte quote = 0;
      while (true) {
        if (at >= stop) {
          if (quote != 0) {
            return -1;
          }
          break;
        }
        byte b = in[at];
        if (quote == 0 && isSpace(b)) {
          break;
        }
        if (quote == 0 && (b == '"' || b == '\'')) {
          quote = b;
          at++;
        } else if (quote != 0 && b == quote) {
          at++;
          if (at < stop && !isSpace(in[at])) {
            return -1;
          }
          quote = 0;
          break;
        } else if (quote != 0 && b == '\\' && at + 1 < stop) {
          int used = unescape(in, at, stop, write, quote);
          at += used;
          write++;
        } else {
          in[write++] = b;
          at++;
        }
      }
      out.ensure(base + 2 * count + 2);
      out.words[base + 2 * count] = begin;
      out.words[base + 2 * count + 1] = write - begin;
      count++;
    }
  }

  private static int unescape(byte[] in, int at, int stop, int write, byte quote) {
    byte next = in[at + 1];
    if (quote == '\'') {
      boolean escaped = next == '\'';
      in[write] = escaped ? next : in[at];
      return escaped ? 2 : 1;
    }
    if (next == 'x' && at + 3 < stop) {
      int high = Character.digit(in[at + 2], 16);
      int low = Character.digit(in[at + 3], 16);
      if (high >= 0 && low >= 0) {
        in[write] = (byte) (high << 4 | low);
        return 4;
      }
    }
    in[write] =
        switch (next) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'b' -> '\b';
          case 'a' -> 7;
          default -> next;
        };
    return 2;
  }

  /** True for the first line of an HTTP request, which must never be taken for commands. */
  static boolean looksForeign(byte[] in, CommandBatch out, int count) {
    int base = out.size + CommandBatch.HEADER;
    for (var word : FOREIGN) {
      if (matches(in, out.words[base], out.words[base + 1], word)) {
        return true;
      }
    }
    return count == 3 && startsWith(in, out.words[base + 4], out.words[base + 5], "HTTP/");
  }

  private static boolean matches(byte[] in, int offset, int length, String word) {
    return length == word.length() && startsWith(in, offset, length, word);
  }

  private static boolean startsWith(byte[] in, int offset, int length, String word) {
    if (length < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (Character.toUpperCase(in[offset + i]) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b >= 9 && b <= 13 || b == 0;
  }
}
