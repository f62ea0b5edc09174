package io.millrace.resp.net;

import com.sun.management.UnixOperatingSystemMXBean;
import io.millrace.resp.command.Handlers;
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.server.Server;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bound addresses with their event loops: epoll where there is one, else io_uring, else NIO.
 */
public final class RespEndpoint implements AutoCloseable {
  /** Not bound. */
  public static final RespEndpoint CLOSED = new RespEndpoint(null, List.of(), List.of());

  private static final Logger LOG = LoggerFactory.getLogger(RespEndpoint.class);
  private static final int BACKLOG = 511;

  private final @Nullable EventLoopGroup group;
  private final List<Channel> channels;
  private final List<RespLane> lanes;

  private RespEndpoint(
      @Nullable EventLoopGroup group, List<Channel> channels, List<RespLane> lanes) {
    this.group = group;
    this.channels = channels;
    this.lanes = lanes;
  }

  /** Binds a port on each of some addresses; 0 is chosen once for all. */
  public static RespEndpoint bind(
      List<String> hosts,
      int port,
      int laneCount,
      Handlers handlers,
      Server server,
      LaneFactory factory) {
    var threads = new DefaultThreadFactory("lane", true);
    EventLoopGroup group;
    Class<? extends ServerSocketChannel> type;
    if (Epoll.isAvailable()) {
      group = new MultiThreadIoEventLoopGroup(laneCount, threads, EpollIoHandler.newFactory());
      type = EpollServerSocketChannel.class;
    } else if (IoUring.isAvailable()) {
      group = new MultiThreadIoEventLoopGroup(laneCount, threads, IoUringIoHandler.newFactory());
      type = IoUringServerSocketChannel.class;
    } else {
      group = new MultiThreadIoEventLoopGroup(laneCount, threads, NioIoHandler.newFactory());
      type = NioServerSocketChannel.class;
    }
    Map<EventExecutor, RespLane> byLoop = new IdentityHashMap<>();
    var lanes = new ArrayList<RespLane>();
    for (var executor : group) {
      var loop = (EventLoop) executor;
      var lane = new RespLane(loop, factory.open(loop), handlers, server);
      byLoop.put(loop, lane);
      lanes.add(lane);
    }
    var bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(type)
            .handler(new AcceptGate(most(server.settings())))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 15, 1 << 17))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    var lane = byLoop.get(made.eventLoop());
                    if (lane != null) {
                      if (!(made instanceof IoUringSocketChannel)) {
                        made.config().setRecvByteBufAllocator(lane.buffers().receiver());
                      }
                      keepAlive(made, server.keepAliveSeconds());
                      made.pipeline().addLast(new RespHandler(lane));
                    }
                  }
                });
    var channels = bindAll(bootstrap, hosts, port);
    new Housekeeper(lanes.getFirst()).start();
    LOG.info(
        "redis protocol on {}:{} lanes={} io={}",
        String.join(" ", hosts),
        port(channels.getFirst()),
        laneCount,
        type.getSimpleName());
    return new RespEndpoint(group, channels, lanes);
  }

  /**
   * How many clients may be connected: {@code maxclients}, which may be raised, but not to more
   * than was planned at the start or half of the descriptors that the process may have.
   */
  private static LongSupplier most(ServerSettings settings) {
    long planned = settings.number("maxclients");
    long ceiling =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? Math.max(planned, unix.getMaxFileDescriptorCount() / 2)
            : Long.MAX_VALUE;
    settings.guard(next ->
        Long.parseLong(next.apply("maxclients")) > ceiling
            ? "The operating system is not able to handle the specified number of clients, try with "
                + ceiling
            : null);
    return () -> settings.number("maxclients");
  }

  /** As in Redis: the first probe after the time, then three, a third of it apart. */
  private static void keepAlive(Channel made, int seconds) {
    if (seconds == 0) {
      made.config().setOption(ChannelOption.SO_KEEPALIVE, false);
    } else if (made instanceof EpollSocketChannel epoll) {
      epoll.config().setTcpKeepIdle(seconds);
      epoll.config().setTcpKeepIntvl(Math.max(1, seconds / 3));
      epoll.config().setTcpKeepCnt(3);
    }
  }

  private static List<Channel> bindAll(ServerBootstrap bootstrap, List<String> hosts, int port) {
    var channels = new ArrayList<Channel>();
    for (var host : hosts) {
      var at = channels.isEmpty() ? port : port(channels.getFirst());
      var bound = bootstrap.bind(host, at).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new UncheckedIOException(
            new IOException("cannot listen for RESP on " + host + ":" + at, bound.cause()));
      }
      channels.add(bound.channel());
    }
    return channels;
  }

  private static int port(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** The port bound. */
  public int port() {
    if (channels.isEmpty()) {
      throw new IllegalStateException("the door is closed");
    }
    return port(channels.getFirst());
  }

  /** Number of connected clients. */
  public int clients() {
    int[] count = {0};
    if (!lanes.isEmpty()) {
      var lane = lanes.getFirst();
      onLoop(lane, () -> lane.locked(execution -> count[0] = lane.server().sessions().size()));
    }
    return count[0];
  }

  private static void onLoop(RespLane lane, Runnable action) {
    var done = new CountDownLatch(1);
    lane.loop()
        .execute(() -> {
          action.run();
          done.countDown();
        });
    try {
      if (!done.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a lane does not answer");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (group != null) {
      channels.forEach(channel -> channel.close().syncUninterruptibly());
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
      lanes.forEach(lane -> lane.buffers().close());
    }
  }
}
