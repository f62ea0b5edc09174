package io.millrace.sql.types;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes of clients as text. What is no text is refused: nothing is put in its place. */
public final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * All readable bytes as text.
   *
   * @throws SqlProblem 22021 when they are not valid UTF-8
   */
  public static String text(ByteBuf bytes) {
    var text = bytes.toString(StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      decode(bytes.nioBuffer());
    }
    return text;
  }

  /**
   * All readable bytes as a value, which cannot hold the zero character.
   *
   * @throws SqlProblem 22021 when they are not valid UTF-8, or one is zero
   */
  public static String value(ByteBuf bytes) {
    if (bytes.bytesBefore((byte) 0) >= 0) {
      throw invalid(" 0x00");
    }
    return text(bytes);
  }

  /**
   * Bytes as a value, which cannot hold the zero character.
   *
   * @throws SqlProblem 22021 when they are not valid UTF-8, or one is zero
   */
  public static String value(byte[] bytes) {
    var text = decode(ByteBuffer.wrap(bytes));
    if (text.indexOf(0) >= 0) {
      throw invalid(" 0x00");
    }
    return text;
  }

  private static String decode(ByteBuffer in) {
    var out = CharBuffer.allocate(in.remaining());
    var result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      var wrong = new StringBuilder();
      for (int i = 0; i < result.length(); i++) {
        wrong.append(" 0x").append(HexFormat.of().toHexDigits(in.get(in.position() + i)));
      }
      throw invalid(wrong.toString());
    }
    return out.flip().toString();
  }

  private static SqlProblem invalid(String bytes) {
    return new SqlProblem(
        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"UTF8\":" + bytes);
  }
}
