package io.millrace.sql.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands where connections are accepted and closes at once what is far beyond the limit: a flood
 * must not take the descriptors that files need, nor wait for a busy event loop to be refused.
 */
@ChannelHandler.Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
  /** Connections beyond the limit that are still told so. */
  private static final int TOLD = 8;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  AcceptGate(int most) {
    this.most = most;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof Channel accepted)) {
      context.fireChannelRead(message);
    } else if (open.incrementAndGet() > most + TOLD) {
      open.decrementAndGet();
      accepted.unsafe().closeForcibly();
    } else {
      accepted.closeFuture().addListener(closed -> open.decrementAndGet());
      context.fireChannelRead(message);
    }
  }
}
