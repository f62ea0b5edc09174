package io.millrace.sql.wire;

import io.millrace.engine.state.RequestMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A message of more than a few bytes while it comes in. Its room grows with what has arrived and is
 * taken from the memory of all requests; when there is none, the rest is dropped and the message is
 * answered with an error.
 */
final class LargeMessage {
  /** Messages of this size and more come in this way, in bytes. */
  static final int LARGE = 64 << 10;

  private final byte type;
  private final int length;
  private final RequestMemory memory;
  private ByteBuf body = Unpooled.EMPTY_BUFFER;
  private int received;
  private long taken;
  private boolean refused;

  LargeMessage(byte type, int length, RequestMemory memory) {
    this.type = type;
    this.length = length;
    this.memory = memory;
    this.refused = length > memory.largest();
  }

  /** Takes what has arrived; true when the message is complete. */
  boolean add(ByteBuf in) {
    int more = Math.min(in.readableBytes(), length - received);
    if (!refused && received + more > body.capacity()) {
      grow(received + more);
    }
    if (refused) {
      in.skipBytes(more);
    } else {
      body.writeBytes(in, more);
    }
    received += more;
    return received == length;
  }

  private void grow(int needed) {
    int size = (int) Math.min(length, Math.max(Math.max(LARGE, needed), 2L * body.capacity()));
    if (!memory.take(size)) {
      refused = true;
      drop();
      return;
    }
    long before = taken;
    // Noted first: where the heap has no room for it after all, dropping the message gives both.
    taken += size;
    var wider = Unpooled.buffer(size, length);
    wider.writeBytes(body);
    body.release();
    body = wider;
    memory.give(before);
    taken = size;
  }

  /** The complete message, with the memory it has taken. */
  Frame frame() {
    var made = new Frame(type, body, refused ? length : 0, memory, taken);
    body = Unpooled.EMPTY_BUFFER;
    taken = 0;
    return made;
  }

  /** Lets go what has come. */
  void drop() {
    body.release();
    body = Unpooled.EMPTY_BUFFER;
    memory.give(taken);
    taken = 0;
  }
}
