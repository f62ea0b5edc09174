package io.millrace.resp.command.stream;

import io.millrace.engine.state.Cursor;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.StreamValue;
import java.util.Arrays;

/** Fields and values of stream entries: each string behind its length as a varint. */
final class EntryCodec {
  private static final int LONGEST_VARINT = 5;

  private byte[] buffer = new byte[256];
  private int length;

  /** Encodes the arguments from one on; the array is reused. */
  byte[] encode(Args args, int from) {
    length = 0;
    for (int i = from; i < args.count(); i++) {
      int size = args.length(i);
      ensure(size + LONGEST_VARINT);
      int left = size;
      while (left >= 0x80) {
        buffer[length++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      buffer[length++] = (byte) left;
      System.arraycopy(args.array(), args.offset(i), buffer, length, size);
      length += size;
    }
    return buffer;
  }

  private void ensure(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }

  /** Number of bytes encoded last. */
  int length() {
    return length;
  }

  /** Replies the entry a cursor is on. */
  void reply(Cursor cursor, ReplyWriter reply) {
    reply.array(2);
    reply.bulk(StreamValue.id(cursor).text());
    int mark = reply.size();
    int strings = 0;
    byte[] array = cursor.array();
    int at = cursor.valueOffset();
    int end = at + cursor.valueLength();
    while (at < end) {
      int size = 0;
      int shift = 0;
      int b;
      do {
        b = array[at++];
        size |= (b & 0x7F) << shift;
        shift += 7;
      } while (b < 0);
      reply.bulk(array, at, size);
      at += size;
      strings++;
    }
    reply.wrapArray(mark, strings);
  }
}
