package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.run.ExecContext;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A LIKE pattern, read once: the usual shapes become plain text searches. */
public final class LikePattern {
  private static final char ANY_RUN = '\uFFFF';
  private static final char ANY_ONE = '\uFFFE';
  private static final int POLL_MASK = 0xF_FFFF;

  private enum Shape {
    EXACT,
    PREFIX,
    SUFFIX,
    CONTAINS,
    GENERAL
  }

  private final Shape shape;
  private final String text;
  private final char[] pattern;
  private final boolean ignoreCase;

  private LikePattern(Shape shape, String text, char[] pattern, boolean ignoreCase) {
    this.shape = shape;
    this.text = text;
    this.pattern = pattern;
    this.ignoreCase = ignoreCase;
  }

  /**
   * Reads a pattern.
   *
   * @param escape escape character, or null for the default backslash; empty for none
   */
  public static LikePattern of(String like, @Nullable String escape, boolean ignoreCase) {
    var escapeChar = escape == null ? '\\' : escape.isEmpty() ? ANY_RUN : escape.charAt(0);
    var folded = ignoreCase ? like.toLowerCase(Locale.ROOT) : like;
    var chars = new char[folded.length()];
    int length = 0;
    int wild = 0;
    for (int i = 0; i < folded.length(); i++) {
      var c = folded.charAt(i);
      if (c == escapeChar) {
        if (++i == folded.length()) {
          throw new SqlProblem("22025", "LIKE pattern must not end with escape character");
        }
        chars[length++] = folded.charAt(i);
      } else if (c == '%' || c == '_') {
        chars[length++] = c == '%' ? ANY_RUN : ANY_ONE;
        wild++;
      } else {
        chars[length++] = c;
      }
    }
    return shaped(Arrays.copyOf(chars, length), wild, ignoreCase);
  }

  private static LikePattern shaped(char[] p, int wild, boolean ignoreCase) {
    var n = p.length;
    var text = new String(p);
    if (wild == 0) {
      return new LikePattern(Shape.EXACT, text, p, ignoreCase);
    }
    if (wild == 1 && p[n - 1] == ANY_RUN) {
      return new LikePattern(Shape.PREFIX, text.substring(0, n - 1), p, ignoreCase);
    }
    if (wild == 1 && p[0] == ANY_RUN) {
      return new LikePattern(Shape.SUFFIX, text.substring(1), p, ignoreCase);
    }
    if (wild == 2 && n > 1 && p[0] == ANY_RUN && p[n - 1] == ANY_RUN) {
      return new LikePattern(Shape.CONTAINS, text.substring(1, n - 1), p, ignoreCase);
    }
    return new LikePattern(Shape.GENERAL, text, p, ignoreCase);
  }

  /** The fixed text a match must start with; empty when there is none or case is ignored. */
  public String prefix() {
    if (ignoreCase) {
      return "";
    }
    int end = 0;
    while (end < pattern.length && pattern[end] != ANY_RUN && pattern[end] != ANY_ONE) {
      end++;
    }
    return new String(pattern, 0, end);
  }

  /** True when the pattern is a prefix followed by one percent sign. */
  public boolean prefixOnly() {
    return shape == Shape.PREFIX && !ignoreCase;
  }

  /** Matches a text; a long search ends when the execution is asked to. */
  public boolean matches(String value, ExecContext ctx) {
    var subject = ignoreCase ? value.toLowerCase(Locale.ROOT) : value;
    return switch (shape) {
      case EXACT -> subject.equals(text);
      case PREFIX -> subject.startsWith(text);
      case SUFFIX -> subject.endsWith(text);
      case CONTAINS -> TextSearch.indexOf(subject, text, 0, ctx) >= 0;
      case GENERAL -> general(subject, ctx);
    };
  }

  private boolean general(String s, ExecContext ctx) {
    int at = 0;
    int p = 0;
    int restartAt = -1;
    int restartPattern = -1;
    int steps = 0;
    while (at < s.length()) {
      if ((++steps & POLL_MASK) == 0) {
        ctx.check();
      }
      if (p < pattern.length && pattern[p] == ANY_RUN) {
        restartPattern = ++p;
        restartAt = at;
      } else if (p < pattern.length && (pattern[p] == ANY_ONE || pattern[p] == s.charAt(at))) {
        at += pattern[p] == ANY_ONE && Character.isHighSurrogate(s.charAt(at)) ? 2 : 1;
        p++;
      } else if (restartPattern >= 0) {
        p = restartPattern;
        at = ++restartAt;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == ANY_RUN) {
      p++;
    }
    return p == pattern.length;
  }
}
