package io.millrace.sql.wire;

import io.millrace.engine.state.RequestMemory;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One message of a client.
 *
 * @param type type byte, 0 for the start-up messages that have none
 * @param body what follows the length
 * @param refused bytes of a message that was dropped because there was no memory for it, else 0
 * @param memory where a large body is taken from, or null
 * @param taken how much
 */
record Frame(byte type, ByteBuf body, int refused, @Nullable RequestMemory memory, long taken) {
  Frame(byte type, ByteBuf body) {
    this(type, body, 0, null, 0);
  }

  /** Lets the body go; to be called once, by whoever has the message. */
  void release() {
    body.release();
    if (memory != null) {
      memory.give(taken);
    }
  }
}
