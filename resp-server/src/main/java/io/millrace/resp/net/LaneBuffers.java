package io.millrace.resp.net;

import io.millrace.engine.state.HotPath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Native memory between sockets and a lane's arrays: one buffer to read into and one to write from.
 * Bytes read are copied out before the next read, and bytes written are nearly always taken by the
 * socket at once, so that no message needs a buffer of its own. Used by the lane's thread only.
 */
@HotPath(benchmark = "RespDecoderBenchmark")
final class LaneBuffers implements AutoCloseable {
  private static final int READ_BYTES = 64 << 10;
  private static final int WRITE_BYTES = 64 << 10;

  private final ByteBufAllocator allocator;
  private final ByteBuf read;
  private final ByteBuf write;

  LaneBuffers(ByteBufAllocator allocator) {
    this.allocator = allocator;
    read = allocator.directBuffer(READ_BYTES, READ_BYTES);
    write = allocator.directBuffer(WRITE_BYTES, WRITE_BYTES);
  }

  /**
   * Makes a channel read into the lane's buffer. Only for transports that read when they ask for
   * the buffer: not for io_uring, where the kernel fills it later.
   */
  RecvByteBufAllocator receiver() {
    return new Receiver();
  }

  /** A copy of some bytes, to be given to one channel of this lane. */
  ByteBuf copy(byte[] array, int from, int length) {
    // A slow client, or a reply that waits for its sync, may still have the lane's buffer.
    if (length > WRITE_BYTES || write.refCnt() > 1) {
      return allocator.directBuffer(length).writeBytes(array, from, length);
    }
    return write.clear().writeBytes(array, from, length).retain();
  }

  /** Gives the buffers back; no channel of the lane is open any more. */
  @Override
  public void close() {
    read.release();
    write.release();
  }

  private final class Receiver extends DefaultMaxMessagesRecvByteBufAllocator {
    @Override
    @SuppressWarnings("deprecation") // The interface asks for the deprecated type.
    public Handle newHandle() {
      return new MaxMessageHandle() {
        @Override
        public int guess() {
          return READ_BYTES;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator unused) {
          return read.clear().retain();
        }
      };
    }
  }
}
