package io.millrace.sql.wire;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.types.Utf8;
import io.netty.buffer.ByteBuf;

/** Reads the fields of a message; what does not fit is a protocol error. */
final class MessageReader {
  private final ByteBuf body;

  MessageReader(ByteBuf body) {
    this.body = body;
  }

  static SqlProblem broken(String what) {
    return new SqlProblem(SqlState.PROTOCOL_VIOLATION, what);
  }

  private void need(int bytes) {
    if (bytes < 0 || body.readableBytes() < bytes) {
      throw broken("insufficient data left in message");
    }
  }

  String string() {
    var length = body.bytesBefore((byte) 0);
    if (length < 0) {
      throw broken("invalid string in message");
    }
    var text = Utf8.text(body.slice(body.readerIndex(), length));
    body.skipBytes(length + 1);
    return text;
  }

  byte octet() {
    need(1);
    return body.readByte();
  }

  int int16() {
    need(2);
    return body.readUnsignedShort();
  }

  int int32() {
    need(4);
    return body.readInt();
  }

  /** Bytes left. */
  int left() {
    return body.readableBytes();
  }

  boolean more() {
    return body.isReadable();
  }

  /** A count of items of at least so many bytes each: never more than can be there. */
  int count(int itemBytes) {
    var count = int16();
    if ((long) count * itemBytes > body.readableBytes()) {
      throw broken("insufficient data left in message");
    }
    return count;
  }

  ByteBuf bytes(int length) {
    need(length);
    return body.readSlice(length);
  }

  String rest() {
    var text = Utf8.text(body);
    body.skipBytes(body.readableBytes());
    return text;
  }
}
