package io.millrace.sql.wire;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a client that wait while another one is handled. Reading stops while too many
 * bytes wait.
 */
final class Inbox {
  private static final int MAX_WAITING_BYTES = 1 << 20;

  private final Channel channel;
  private final Runnable left;
  private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
  private long bytes;

  /** True while somebody handles messages, or waits on their behalf: the others queue. */
  private boolean working;

  private boolean paused;
  private boolean closed;

  /**
   * An empty inbox.
   *
   * @param left what is done when the inbox is closed and nobody handles messages any more
   */
  Inbox(Channel channel, Runnable left) {
    this.channel = channel;
    this.left = left;
  }

  private static long weight(Frame frame) {
    return frame.body().readableBytes() + 64L;
  }

  /** True when the caller is to handle a message; false when it waits behind others. */
  synchronized boolean begin(Frame frame) {
    if (!working) {
      working = true;
      return true;
    }
    waiting.add(frame);
    bytes += weight(frame);
    if (bytes > MAX_WAITING_BYTES && !paused) {
      paused = true;
      channel.config().setAutoRead(false);
    }
    return false;
  }

  /** The next waiting message; null when there is none, and nobody works from then on. */
  synchronized @Nullable Frame take() {
    var frame = waiting.poll();
    if (frame == null) {
      working = false;
      if (closed) {
        left.run();
      }
      return null;
    }
    bytes -= weight(frame);
    if (paused && bytes < MAX_WAITING_BYTES / 2) {
      paused = false;
      channel.config().setAutoRead(true);
    }
    return frame;
  }

  /** A message that has been taken is the next one again. */
  synchronized void putBack(Frame frame) {
    waiting.addFirst(frame);
    bytes += weight(frame);
  }

  /** Lets all waiting messages go. */
  void drop() {
    for (var frame = take(); frame != null; frame = take()) {
      frame.release();
    }
  }

  /** The client has gone. */
  synchronized void close() {
    closed = true;
    waiting.forEach(Frame::release);
    waiting.clear();
    if (!working) {
      left.run();
    }
  }
}
