package io.millrace.resp.net;

import io.millrace.engine.state.HotPath;
import io.millrace.resp.server.Doorkeeper;
import io.millrace.resp.server.Doorkeeper.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Netty's end of a connection: hands bytes and events to the lane. */
@HotPath(benchmark = "RespDecoderBenchmark")
final class RespHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RespHandler.class);
  private static final byte[] TOO_MANY =
      "-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What both peers say, and the one way out that is open here. */
  private static final byte[] DENIED =
      ("-DENIED Running in protected mode because protected mode is enabled and no password is set"
              + " for the default user. In this mode connections are only accepted from the loopback"
              + " interface. If you want to connect from external computers, set up an"
              + " authentication password for the default user: 'CONFIG SET requirepass' from the"
              + " loopback interface, or 'requirepass' in the configuration.\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final RespLane lane;
  private Verdict verdict = Verdict.FULL;
  private @Nullable Connection connection;

  RespHandler(RespLane lane) {
    this.lane = lane;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    lane.locked(execution -> {
      var server = lane.server();
      var judged = server.doorkeeper().judge(local(context), server.sessions().size());
      verdict = judged;
      if (judged == Verdict.DENIED || judged == Verdict.FULL) {
        return;
      }
      server.stats().connections++;
      boolean open = judged == Verdict.OPEN;
      var made =
          new Connection(server.nextSessionId(), System.currentTimeMillis(), open, lane, context);
      server.connected(made);
      connection = made;
    });
    if (connection == null) {
      context
          .writeAndFlush(
              context.alloc().buffer().writeBytes(verdict == Verdict.DENIED ? DENIED : TOO_MANY))
          .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
    }
  }

  private static boolean local(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress from
        && Doorkeeper.isLoopback(from.getAddress());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    try {
      var to = connection;
      if (to != null && !to.closing) {
        lane.received(bytes.readableBytes());
        if (!to.receive(bytes)) {
          lane.closedForMemory(to);
          context.close();
        } else if (to.inputBytes() > lane.server().mostInput()) {
          lane.closedForInput(to);
          context.close();
        } else {
          received(to);
        }
      }
    } finally {
      bytes.release();
    }
  }

  private void received(Connection from) {
    if (from.inputBytes() > Connection.LARGE_INPUT) {
      lane.unfinished().heard(from);
    }
    from.boundInput();
    lane.ready(from);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (connection != null) {
      connection.drain();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    var gone = connection;
    if (gone != null) {
      gone.closed();
      lane.locked(execution -> lane.server().disconnected(gone));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("connection failed: client={}", context.channel().remoteAddress(), cause);
    }
    context.close();
  }
}
