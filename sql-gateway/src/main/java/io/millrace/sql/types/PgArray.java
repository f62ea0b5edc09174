package io.millrace.sql.types;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.netty.buffer.ByteBuf;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays as values of parameters and literals: read from both forms into their text form. */
public final class PgArray {
  private static final int MAX_DIMENSIONS = 6;

  private final String text;
  private final List<@Nullable String> elements = new ArrayList<>();
  private int at;

  private PgArray(String text) {
    this.text = text;
  }

  /**
   * Elements of an array in text form, those of all dimensions one after the other.
   *
   * @throws SqlProblem 22P02 when it is no array
   */
  public static List<@Nullable String> elements(String text) {
    var array = new PgArray(text);
    array.bounds();
    array.braces(1);
    array.space();
    if (array.at < text.length()) {
      throw array.malformed("Junk after closing right brace.");
    }
    return array.elements;
  }

  private SqlProblem malformed(String detail) {
    return SqlProblem.withHint(
        SqlState.INVALID_TEXT, "malformed array literal: \"" + text + "\"", detail);
  }

  private void space() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  /** Skips {@code [1:2]=} in front. */
  private void bounds() {
    space();
    if (at < text.length() && text.charAt(at) == '[') {
      int equals = text.indexOf('=', at);
      if (equals < 0 || !text.substring(at, equals).matches("(\\[-?\\d+(:-?\\d+)?])+\\s*")) {
        throw malformed("Missing \"=\" after array dimensions.");
      }
      at = equals + 1;
    }
  }

  private void braces(int depth) {
    space();
    if (at >= text.length() || text.charAt(at) != '{') {
      throw malformed("Array value must start with \"{\" or dimension information.");
    }
    if (depth > MAX_DIMENSIONS) {
      throw new SqlProblem(SqlState.LIMIT_EXCEEDED, "an array has too many dimensions");
    }
    at++;
    space();
    if (at < text.length() && text.charAt(at) == '}') {
      at++;
      return;
    }
    while (true) {
      element(depth);
      space();
      char next = at < text.length() ? text.charAt(at++) : 0;
      if (next == '}') {
        return;
      }
      if (next != ',') {
        throw malformed(next == 0 ? "Unexpected end of input." : "Unexpected array element.");
      }
    }
  }

  private void element(int depth) {
    space();
    if (at < text.length() && text.charAt(at) == '{') {
      braces(depth + 1);
    } else if (at < text.length() && text.charAt(at) == '"') {
      elements.add(quoted());
    } else {
      elements.add(plain());
    }
  }

  private String quoted() {
    var value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\' && ++at >= text.length()) {
        break;
      }
      value.append(text.charAt(at));
    }
    if (at >= text.length()) {
      throw malformed("Unexpected end of input.");
    }
    at++;
    return value.toString();
  }

  private @Nullable String plain() {
    var value = new StringBuilder();
    boolean escaped = false;
    int end = 0;
    for (; at < text.length() && ",{}\"".indexOf(text.charAt(at)) < 0; at++) {
      boolean escape = text.charAt(at) == '\\' && at + 1 < text.length();
      at += escape ? 1 : 0;
      escaped |= escape;
      value.append(text.charAt(at));
      end = escape || text.charAt(at) > ' ' ? value.length() : end;
    }
    if (end == 0) {
      throw malformed(
          "Unexpected \"" + (at < text.length() ? text.charAt(at) : "") + "\" character.");
    }
    var found = value.substring(0, end);
    return !escaped && found.equalsIgnoreCase("null") ? null : found;
  }

  /** The text form of an array in binary form that fills the buffer. */
  static String read(PgType type, ByteBuf in) {
    if (in.readableBytes() < 12) {
      throw bad(type);
    }
    int dimensions = in.readInt();
    in.skipBytes(4);
    var element = PgType.byOid(in.readInt());
    if (dimensions < 0
        || dimensions > MAX_DIMENSIONS
        || element == null
        || in.readableBytes() < 8 * dimensions) {
      throw bad(type);
    }
    long count = dimensions == 0 ? 0 : 1;
    for (int i = 0; i < dimensions; i++) {
      int size = in.readInt();
      in.skipBytes(4);
      count = size < 0 || count * size > in.readableBytes() ? -1 : count * size;
      if (count < 0) {
        throw bad(type);
      }
    }
    // Dimensions do not matter to what looks at every element.
    var elements = new ArrayList<@Nullable String>((int) count);
    for (long i = 0; i < count; i++) {
      elements.add(element(type, element, in));
    }
    if (in.isReadable()) {
      throw bad(type);
    }
    return PgText.array(elements);
  }

  /** Writes the binary form of an array of one dimension that is there as text. */
  static void write(ByteBuf out, PgType type, String text, ZoneId zone) {
    var element = java.util.Objects.requireNonNull(type.element());
    var elements = elements(text);
    out.writeInt(elements.isEmpty() ? 0 : 1);
    out.writeInt(elements.contains(null) ? 1 : 0);
    out.writeInt(element.oid());
    if (!elements.isEmpty()) {
      out.writeInt(elements.size());
      out.writeInt(1);
    }
    for (var one : elements) {
      int lengthAt = out.writerIndex();
      out.writeInt(-1);
      if (one != null) {
        PgBinary.write(out, element, PgText.parse(element, one, zone), zone);
        out.setInt(lengthAt, out.writerIndex() - lengthAt - Integer.BYTES);
      }
    }
  }

  private static @Nullable String element(PgType type, PgType element, ByteBuf in) {
    int length = in.readableBytes() < 4 ? -2 : in.readInt();
    if (length < -1 || length > in.readableBytes()) {
      throw bad(type);
    }
    if (length < 0) {
      return null;
    }
    var value = PgBinary.read(element, in.readSlice(length));
    return PgText.format(element, value, ZoneOffset.UTC);
  }

  private static SqlProblem bad(PgType type) {
    return new SqlProblem(
        SqlState.INVALID_BINARY, "incorrect binary data format for type " + type.sqlName());
  }
}
