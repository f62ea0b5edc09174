package io.millrace.sql.wire;

import io.millrace.engine.state.Lane;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What leaves for a client: no earlier than the journal position it tells of is released, and no
 * faster than the client reads, which a worker waits for.
 */
final class ReplyGate implements Protocol.Output {
  /** What is larger is sent in pieces, so that native memory holds no copy of it. */
  private static final int PIECE = 64 << 10;

  private static final long WRITE_POLL_MS = 200;
  private static final long WRITE_STALL_MS = 60_000;

  private final Channel channel;
  private final @Nullable Lane lane;
  private final Runnable sent;
  private final Object writable = new Object();
  private @Nullable ByteBuf held;
  private volatile boolean gone;

  /**
   * The gate of a client.
   *
   * @param lane the lane of its event loop, or null when every answer comes from a worker
   * @param sent what is done when bytes that were held have left
   */
  ReplyGate(Channel channel, @Nullable Lane lane, Runnable sent) {
    this.channel = channel;
    this.lane = lane;
    this.sent = sent;
  }

  /** The client has gone: nothing leaves any more. */
  void leave() {
    gone = true;
  }

  /** True when the client has gone. */
  boolean gone() {
    return gone;
  }

  /** True while bytes are held; on the event loop. */
  boolean holds() {
    return held != null;
  }

  /** The client may read again, or has gone. */
  void signalWritable() {
    synchronized (writable) {
      writable.notifyAll();
    }
  }

  /** Does something as soon as a journal position is released; on the event loop. */
  void whenReleased(long position, Runnable next) {
    var ours = lane;
    if (ours == null || released(ours, position)) {
      next.run();
    } else {
      ours.whenReleased(position, next);
    }
  }

  /** True when a journal position is released; writes what is due to make it so. */
  private static boolean released(Lane lane, long position) {
    if (lane.released() >= position) {
      return true;
    }
    lane.write();
    return lane.released() >= position;
  }

  @Override
  public void push(ByteBuf bytes, long position) {
    if (gone) {
      bytes.release();
      throw new ClientGoneException("the client has gone");
    }
    if (channel.eventLoop().inEventLoop()) {
      hold(bytes, position);
      return;
    }
    try {
      while (bytes.readableBytes() > PIECE) {
        channel.writeAndFlush(channel.alloc().buffer(PIECE).writeBytes(bytes, PIECE));
        awaitWritable();
      }
    } catch (RuntimeException | Error fault) {
      bytes.release();
      throw fault;
    }
    channel.writeAndFlush(bytes, channel.voidPromise());
    awaitWritable();
  }

  private void awaitWritable() {
    var waited = 0L;
    while (!channel.isWritable()) {
      if (gone || waited > WRITE_STALL_MS) {
        channel.close();
        throw new ClientGoneException("the client does not read");
      }
      synchronized (writable) {
        if (!channel.isWritable()) {
          try {
            writable.wait(WRITE_POLL_MS);
          } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new SqlProblem(SqlState.ADMIN_SHUTDOWN, "the server stops");
          }
        }
      }
      waited += WRITE_POLL_MS;
    }
  }

  /** Sends bytes when a position is released; messages behind them wait until then. */
  private void hold(ByteBuf bytes, long position) {
    var before = held;
    var ours = Objects.requireNonNull(lane);
    if (before != null) {
      held = Unpooled.wrappedBuffer(before, bytes);
      return;
    }
    try {
      if (!released(ours, position)) {
        ours.whenReleased(position, this::sendHeld);
        held = bytes;
        return;
      }
    } catch (RuntimeException | Error fault) {
      bytes.release();
      throw fault;
    }
    channel.writeAndFlush(bytes, channel.voidPromise());
  }

  private void sendHeld() {
    var bytes = Objects.requireNonNull(held);
    held = null;
    if (gone) {
      bytes.release();
    } else {
      channel.writeAndFlush(bytes, channel.voidPromise());
    }
    sent.run();
  }
}
