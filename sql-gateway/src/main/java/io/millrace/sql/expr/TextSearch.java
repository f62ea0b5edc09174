package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.run.ExecContext;
import java.util.HashMap;

/** Searches in long texts that a statement's timeout and a cancel request can end. */
final class TextSearch {
  /** Comparisons between two looks at whether the statement was asked to end. */
  private static final int STEP = 1 << 26;

  /** Characters between two such looks where each one takes some work. */
  private static final int LOOK_MASK = 0xFFFF;

  /** Longest format of a date or a number: Calcite takes time in proportion to its square. */
  private static final int MOST_FORMAT = 10_000;

  private TextSearch() {}

  /** Number of characters, which may be pairs of Java's. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The characters from one place to another, counted from 0. */
  static String part(String text, int from, int to) {
    if (length(text) == text.length()) {
      return text.substring(from, to);
    }
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /** Where a part begins, counted from 1; 0 when it is nowhere. */
  static int place(String text, String part, ExecContext ctx) {
    int at = indexOf(text, part, 0, ctx);
    return at < 0 ? 0 : text.codePointCount(0, at) + 1;
  }

  /** The character of a number, which must be one that a text can hold. */
  static String character(int point) {
    if (point < 0) {
      throw new SqlProblem(SqlState.INVALID_PARAMETER, "character number must be positive");
    }
    if (point == 0) {
      throw new SqlProblem(SqlState.LIMIT_EXCEEDED, "null character not permitted");
    }
    if (point > Character.MAX_CODE_POINT) {
      throw new SqlProblem(
          SqlState.LIMIT_EXCEEDED, "requested character too large for encoding: " + point);
    }
    if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
      throw new SqlProblem(
          SqlState.LIMIT_EXCEEDED, "requested character not valid for encoding: " + point);
    }
    return Character.toString(point);
  }

  /** A format that is read in good time, in a statement that was not asked to end. */
  static String checkedFormat(String format, ExecContext ctx) {
    ctx.check();
    if (format.length() > MOST_FORMAT) {
      throw new SqlProblem(
          SqlState.LIMIT_EXCEEDED, "a format of more than " + MOST_FORMAT + " characters");
    }
    return format;
  }

  /** Where a part begins at or behind an index, or -1. */
  static int indexOf(String text, String part, int from, ExecContext ctx) {
    var most = (long) (text.length() - from) * part.length();
    if (most <= STEP) {
      return text.indexOf(part, from);
    }
    var places = Math.max(1, STEP / part.length());
    for (int at = from; at <= text.length() - part.length(); at += places) {
      ctx.check();
      var end = (int) Math.min(text.length(), (long) at + places + part.length() - 1);
      var found = text.indexOf(part, at, end);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  /** Every occurrence of a part replaced; an empty one occurs nowhere. */
  static String replace(String text, String part, String by, ExecContext ctx) {
    var first = part.isEmpty() ? -1 : indexOf(text, part, 0, ctx);
    if (first < 0) {
      return text;
    }
    long count = 0;
    for (int at = first; at >= 0; at = indexOf(text, part, at + part.length(), ctx)) {
      count++;
    }
    var length = text.length() + count * (by.length() - part.length());
    ctx.making(length);
    var result = new StringBuilder((int) length);
    int copied = 0;
    for (int at = first; at >= 0; at = indexOf(text, part, copied, ctx)) {
      result.append(text, copied, at).append(by);
      copied = at + part.length();
    }
    return result.append(text, copied, text.length()).toString();
  }

  /** The n-th field between separators, counted from the end when negative. */
  static String splitPart(String text, String by, int field, ExecContext ctx) {
    if (field == 0) {
      throw new SqlProblem(SqlState.INVALID_PARAMETER, "field position must not be zero");
    }
    if (by.isEmpty()) {
      return field == 1 || field == -1 ? text : "";
    }
    long wanted = field;
    if (field < 0) {
      long fields = 1;
      for (int at = indexOf(text, by, 0, ctx); at >= 0; fields++) {
        at = indexOf(text, by, at + by.length(), ctx);
      }
      wanted += fields + 1;
    }
    int begin = 0;
    for (long number = 1; number < wanted; number++) {
      var at = indexOf(text, by, begin, ctx);
      if (at < 0) {
        return "";
      }
      begin = at + by.length();
    }
    var end = indexOf(text, by, begin, ctx);
    return wanted < 1 ? "" : text.substring(begin, end < 0 ? text.length() : end);
  }

  /** Each character that is in one text as the character at its place in another, or left out. */
  static String translate(String text, String from, String to, ExecContext ctx) {
    var map = new HashMap<Integer, Integer>();
    var targets = to.codePoints().toArray();
    int place = 0;
    for (var point : from.codePoints().toArray()) {
      map.putIfAbsent(point, place < targets.length ? targets[place] : -1);
      place++;
    }
    ctx.making(text.length());
    var result = new StringBuilder(text.length());
    int last = -1;
    int lastBecomes = -1;
    for (int at = 0; at < text.length(); at += Character.charCount(last)) {
      if ((at & LOOK_MASK) == 0) {
        ctx.check();
      }
      int point = text.codePointAt(at);
      if (point != last) {
        last = point;
        lastBecomes = map.getOrDefault(point, point);
      }
      if (lastBecomes >= 0) {
        result.appendCodePoint(lastBecomes);
      }
    }
    return result.toString();
  }
}
