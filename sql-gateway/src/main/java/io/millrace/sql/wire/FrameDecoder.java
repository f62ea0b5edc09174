package io.millrace.sql.wire;

import io.millrace.engine.state.RequestMemory;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream into messages. A length is judged before anything is kept for it, and memory
 * grows with the bytes that arrive, not with the length announced.
 */
final class FrameDecoder extends ByteToMessageDecoder {
  static final int MAX_STARTUP = 10_000;
  static final int MAX_LOGIN = 16_384;

  private enum Phase {
    STARTUP,
    LOGIN,
    READY,
    BROKEN
  }

  private final int maxMessageBytes;
  private final RequestMemory memory;
  private Phase phase = Phase.STARTUP;
  private @Nullable LargeMessage large;

  FrameDecoder(int maxMessageBytes, RequestMemory memory) {
    this.maxMessageBytes = maxMessageBytes;
    this.memory = memory;
  }

  /** The start-up message has been read; messages carry types now. */
  void startupDone() {
    phase = Phase.LOGIN;
  }

  /** The client has logged in. */
  void loginDone() {
    phase = Phase.READY;
  }

  /** True when bytes wait behind the message just read. */
  boolean pending() {
    return internalBuffer().isReadable();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (phase == Phase.BROKEN) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (large != null) {
      goOn(large, in, out);
      return;
    }
    var head = phase == Phase.STARTUP ? 0 : 1;
    if (in.readableBytes() < head + 4) {
      return;
    }
    var type = head == 0 ? 0 : in.getByte(in.readerIndex());
    var length = in.getInt(in.readerIndex() + head);
    if (length < 4 || length > limit()) {
      var wrong = length;
      phase = Phase.BROKEN;
      in.skipBytes(in.readableBytes());
      throw new SqlProblem(
          SqlState.PROTOCOL_VIOLATION,
          head == 0 ? "invalid length of startup packet" : "invalid message length " + wrong);
    }
    if (length >= LargeMessage.LARGE && phase == Phase.READY) {
      in.skipBytes(head + 4);
      large = new LargeMessage((byte) type, length - 4, memory);
      goOn(large, in, out);
      return;
    }
    if (in.readableBytes() < head + length) {
      return;
    }
    in.skipBytes(head + 4);
    out.add(new Frame((byte) type, in.readRetainedSlice(length - 4)));
  }

  private void goOn(LargeMessage message, ByteBuf in, List<Object> out) {
    if (message.add(in)) {
      large = null;
      out.add(message.frame());
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (large != null) {
      large.drop();
      large = null;
    }
  }

  private int limit() {
    return switch (phase) {
      case STARTUP -> MAX_STARTUP;
      case LOGIN -> MAX_LOGIN;
      case READY, BROKEN -> maxMessageBytes;
    };
  }
}
