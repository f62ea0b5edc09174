package io.millrace.resp.net;

import io.millrace.engine.state.HotPath;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
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

  private final RespLane lane;
  private @Nullable Connection connection;

  RespHandler(RespLane lane) {
    this.lane = lane;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    lane.locked(execution -> {
      var server = lane.server();
      if (server.sessions().size() >= server.settings().number("maxclients")) {
        server.stats().rejectedConnections++;
        return;
      }
      server.stats().connections++;
      boolean open = server.settings().value("requirepass").isEmpty();
      var made =
          new Connection(server.nextSessionId(), System.currentTimeMillis(), open, lane, context);
      server.connected(made);
      connection = made;
    });
    if (connection == null) {
      context
          .writeAndFlush(context.alloc().buffer().writeBytes(TOO_MANY))
          .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    try {
      var to = connection;
      if (to != null && !to.closing) {
        lane.received(bytes.readableBytes());
        if (to.receive(bytes)) {
          lane.ready(to);
        } else {
          lane.closedForMemory(to);
          context.close();
        }
      }
    } finally {
      bytes.release();
    }
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
