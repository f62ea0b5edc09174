package io.millrace.sql.wire;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.session.Prepared;
import io.millrace.sql.types.PgBinary;
import io.millrace.sql.types.PgText;
import io.millrace.sql.types.PgType;
import io.millrace.sql.types.Utf8;
import io.netty.buffer.ByteBuf;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a bind message, behind the names it begins with. */
final class BindReader {
  /** Bytes that a portal without parameters keeps, about. */
  private static final long PORTAL_BYTES = 100;

  private BindReader() {}

  /** The portal of a statement that a message describes. */
  static Portal read(MessageReader in, String name, Prepared prepared, ZoneId zone) {
    var parameterFormats = formats(in);
    var types = prepared.parameters();
    var count = count(in, parameterFormats, types);
    long bytes = 2L * (in.left() + name.length()) + PORTAL_BYTES;
    var values = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      var length = in.int32();
      if (length >= 0) {
        var format = MessageWriter.format(parameterFormats, i);
        values[i] = value(types.get(i), format, in.bytes(length), zone);
      } else if (length != -1) {
        throw MessageReader.broken("invalid parameter length");
      }
    }
    var resultFormats = formats(in);
    if (resultFormats.length > 1 && resultFormats.length != prepared.columns().size()) {
      throw MessageReader.broken("bind message has a wrong number of result formats");
    }
    return new Portal(prepared, values, resultFormats, bytes);
  }

  private static int count(MessageReader in, int[] formats, List<PgType> types) {
    var count = in.count(4);
    if (formats.length > 1 && formats.length != count) {
      throw MessageReader.broken(
          "bind message has " + formats.length + " parameter formats but " + count + " parameters");
    }
    if (count != types.size()) {
      throw MessageReader.broken(
          "bind message supplies "
              + count
              + " parameters, but the statement requires "
              + types.size());
    }
    return count;
  }

  private static int[] formats(MessageReader in) {
    var formats = new int[in.count(2)];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = in.int16();
      if (formats[i] > 1) {
        throw new SqlProblem(SqlState.INVALID_PARAMETER, "unsupported format code: " + formats[i]);
      }
    }
    return formats;
  }

  private static Object value(PgType type, int format, ByteBuf bytes, ZoneId zone) {
    return format == 1 ? PgBinary.read(type, bytes) : PgText.parse(type, Utf8.value(bytes), zone);
  }
}
