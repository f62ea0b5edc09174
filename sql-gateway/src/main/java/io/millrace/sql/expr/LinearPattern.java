package io.millrace.sql.expr;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millrace.sql.run.ExecContext;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a client. A match takes time in proportion to text times pattern, and on
 * the way looks whether the statement was asked to end.
 */
final class LinearPattern {
  /** Memory of a compiled pattern and its matcher for each unit of cost. */
  private static final int BYTES_PER_COST = 128;

  /** Steps of the machine between two looks. */
  private static final int STEPS = 1 << 19;

  private final Pattern pattern;
  private final int cost;

  private LinearPattern(Pattern pattern, int cost) {
    this.pattern = pattern;
    this.cost = cost;
  }

  /** What a pattern was read from. */
  private record Key(String kind, String source, @Nullable Object how) {}

  /** For the operators {@code ~} and {@code ~*}; read once for an execution. */
  static LinearPattern posix(String source, boolean ignoreCase, ExecContext ctx) {
    return kept(new Key("posix", source, ignoreCase), ctx);
  }

  /** For finding and replacing what matches; read once for an execution. */
  static LinearPattern replacing(String source, ExecContext ctx) {
    return kept(new Key("replace", source, null), ctx);
  }

  /** For SIMILAR TO; read once for an execution. */
  static LinearPattern similar(String source, @Nullable String escape, ExecContext ctx) {
    return kept(new Key("similar", source, escape), ctx);
  }

  private static LinearPattern kept(Key key, ExecContext ctx) {
    if (ctx.remembered(key) instanceof LinearPattern known) {
      return known;
    }
    var words =
        key.kind.equals("similar")
            ? RegexWords.similar(key.source, (String) key.how)
            : RegexWords.posix(key.source, Boolean.TRUE.equals(key.how));
    // Which of several matches is meant does not matter to a condition.
    var longest = key.kind.equals("replace") && words.longest();
    var made = new LinearPattern(compiled(words, longest), words.cost());
    ctx.remember(key, made, (long) words.cost() * BYTES_PER_COST);
    return made;
  }

  private static Pattern compiled(RegexWords.Translated words, boolean longest) {
    var flags =
        (words.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0)
            | (words.dotIsAll() ? Pattern.DOTALL : 0)
            | (words.lines() ? Pattern.MULTILINE : 0)
            | (longest ? Pattern.LONGEST_MATCH : 0);
    try {
      return Pattern.compile(words.regex(), flags);
    } catch (PatternSyntaxException bad) {
      throw RegexWords.invalid(bad.getDescription());
    }
  }

  /** Whether any part of a text matches. */
  boolean find(String text, ExecContext ctx) {
    return matcher(text, ctx).find();
  }

  /**
   * The text with the first match replaced, or every one; {@code \1} to {@code \9} and {@code \&}
   * stand for what matched.
   */
  String replace(String text, String by, boolean all, ExecContext ctx) {
    var matcher = matcher(text, ctx);
    var result = new StringBuilder();
    int copied = 0;
    while (matcher.find()) {
      result.append(text, copied, matcher.start());
      append(result, by, matcher, text);
      copied = matcher.end();
      ctx.check();
      ctx.making((long) result.length() + text.length() - copied);
      if (!all) {
        break;
      }
    }
    return copied == 0 && result.isEmpty()
        ? text
        : result.append(text, copied, text.length()).toString();
  }

  private static void append(StringBuilder to, String by, Matcher found, String text) {
    for (int i = 0; i < by.length(); i++) {
      var c = by.charAt(i);
      if (c != '\\' || i + 1 == by.length()) {
        to.append(c);
        continue;
      }
      var next = by.charAt(++i);
      if (next == '&' || Character.isDigit(next)) {
        int group = next == '&' ? 0 : Character.digit(next, 10);
        if (group <= found.groupCount() && found.start(group) >= 0) {
          to.append(text, found.start(group), found.end(group));
        }
      } else {
        to.append(next == '\\' ? "" : "\\").append(next);
      }
    }
  }

  private Matcher matcher(String text, ExecContext ctx) {
    // Short texts of many rows count as well.
    ctx.check();
    return pattern.matcher(new Watched(text, ctx, Math.max(1, STEPS / cost)));
  }

  /** Text that looks for the end of the statement while it is walked over. */
  private static final class Watched implements CharSequence {
    private final String text;
    private final ExecContext ctx;
    private final int every;
    private int left;

    Watched(String text, ExecContext ctx, int every) {
      this.text = text;
      this.ctx = ctx;
      this.every = every;
      left = every;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left <= 0) {
        left = every;
        ctx.check();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
