package io.millrace.sql.wire;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.types.PgBinary;
import io.millrace.sql.types.PgText;
import io.millrace.sql.types.PgType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the server's messages into one growing buffer. */
final class MessageWriter {
  private static final byte[] TRUE = {'t'};
  private static final byte[] FALSE = {'f'};

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf buffer;

  MessageWriter(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  private ByteBuf out() {
    var open = buffer;
    if (open == null) {
      open = allocator.ioBuffer(512);
      buffer = open;
    }
    return open;
  }

  /** Bytes waiting. */
  int size() {
    return buffer == null ? 0 : buffer.readableBytes();
  }

  /** Hands the bytes over, or null when there are none. */
  @Nullable ByteBuf take() {
    var taken = buffer;
    buffer = null;
    return taken;
  }

  void discard() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }

  private int begin(char type) {
    var out = out();
    out.writeByte(type);
    out.writeInt(0);
    return out.writerIndex() - 4;
  }

  private void end(int lengthAt) {
    var out = out();
    out.setInt(lengthAt, out.writerIndex() - lengthAt);
  }

  private void string(String text) {
    ByteBufUtil.writeUtf8(out(), text.replace("\0", ""));
    out().writeByte(0);
  }

  void raw(byte value) {
    out().writeByte(value);
  }

  void empty(char type) {
    end(begin(type));
  }

  void authentication(int code, byte[] more) {
    var at = begin('R');
    out().writeInt(code);
    out().writeBytes(more);
    end(at);
  }

  void parameterStatus(String name, String value) {
    var at = begin('S');
    string(name);
    string(value);
    end(at);
  }

  void keyData(int processId, int secret) {
    var at = begin('K');
    out().writeInt(processId);
    out().writeInt(secret);
    end(at);
  }

  void negotiate(List<String> unknown) {
    var at = begin('v');
    out().writeInt(0);
    out().writeInt(unknown.size());
    unknown.forEach(this::string);
    end(at);
  }

  void ready(char status) {
    var at = begin('Z');
    out().writeByte(status);
    end(at);
  }

  void complete(String tag) {
    var at = begin('C');
    string(tag);
    end(at);
  }

  void error(SqlProblem problem, boolean fatal, int position) {
    report('E', fatal ? "FATAL" : "ERROR", problem, position);
  }

  void warning(SqlProblem warning) {
    report('N', "WARNING", warning, 0);
  }

  private void report(char type, String severity, SqlProblem problem, int position) {
    var at = begin(type);
    field('S', severity);
    field('V', severity);
    field('C', problem.state());
    field('M', problem.message());
    if (problem.hint() != null) {
      field('H', problem.hint());
    }
    if (position > 0) {
      field('P', Integer.toString(position));
    }
    out().writeByte(0);
    end(at);
  }

  private void field(char code, String text) {
    out().writeByte(code);
    string(text);
  }

  void parameters(List<PgType> types) {
    var at = begin('t');
    out().writeShort(types.size());
    types.forEach(type -> out().writeInt(type.oid()));
    end(at);
  }

  void rowDescription(List<OutputColumn> columns, int[] formats) {
    var at = begin('T');
    out().writeShort(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      var column = columns.get(i);
      string(column.name());
      out().writeInt(column.tableOid());
      out().writeShort(column.attribute());
      out().writeInt(column.type().oid());
      out().writeShort(column.type().length());
      out().writeInt(-1);
      out().writeShort(format(formats, i));
    }
    end(at);
  }

  /** Format of a column: none given means text, one given means all. */
  static int format(int[] formats, int column) {
    return formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[column];
  }

  /** One row; nothing of it stays when a value cannot be written. */
  void dataRow(List<OutputColumn> columns, int[] formats, @Nullable Object[] row, ZoneId zone) {
    var start = out().writerIndex();
    try {
      writeRow(columns, formats, row, zone);
    } catch (RuntimeException | Error unwritable) {
      out().writerIndex(start);
      throw unwritable;
    }
  }

  private void writeRow(
      List<OutputColumn> columns, int[] formats, @Nullable Object[] row, ZoneId zone) {
    var at = begin('D');
    var out = out();
    out.writeShort(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      var value = row[i];
      if (value == null) {
        out.writeInt(-1);
        continue;
      }
      var lengthAt = out.writerIndex();
      out.writeInt(0);
      if (format(formats, i) == 1) {
        PgBinary.write(out, columns.get(i).type(), value, zone);
      } else {
        text(out, columns.get(i).type(), value, zone);
      }
      out.setInt(lengthAt, out.writerIndex() - lengthAt - 4);
    }
    end(at);
  }

  private static void text(ByteBuf out, PgType type, Object value, ZoneId zone) {
    switch (value) {
      case String text -> ByteBufUtil.writeUtf8(out, text);
      case Boolean flag -> out.writeBytes(flag ? TRUE : FALSE);
      default -> out.writeCharSequence(PgText.format(type, value, zone), StandardCharsets.US_ASCII);
    }
  }
}
