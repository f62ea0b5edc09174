package io.millrace.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.http.backend.HttpBackend;
import io.millrace.http.metrics.DoorMetrics;
import io.millrace.http.metrics.Health;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP door. It opens before the engine has recovered, so that probes are answered from the
 * first moment; depots and pstates answer 503 until {@link #serve} is called.
 */
public final class HttpServer implements AutoCloseable {
  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_HEADERS = 64 << 10;
  private static final int CHUNK = 64 << 10;
  private static final int IDLE_SECONDS = 120;
  private static final int LEAVE_SECONDS = 2;

  /** Told to each connection when the door closes. */
  static final Object CLOSING = new Object();

  private final HttpOptions options;
  private final DoorMetrics metrics = new DoorMetrics();
  private final HttpRoutes routes;
  private final EventLoopGroup loops;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> listening = new ArrayList<>();
  private volatile @Nullable HttpBackend backend;

  private HttpServer(HttpOptions options, Supplier<Health> health) {
    this.options = options;
    routes = new HttpRoutes(options, health, () -> backend, metrics);
    loops = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("http", true), ioHandler());
  }

  private static IoHandlerFactory ioHandler() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  private static Class<? extends ServerChannel> channelType() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /**
   * Opens the door.
   *
   * @param health asked for each probe
   * @throws IOException when an address cannot be listened on
   */
  public static HttpServer open(HttpOptions options, Supplier<Health> health) throws IOException {
    var server = new HttpServer(options, health);
    try {
      server.listen();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private void listen() throws IOException {
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(channelType())
            .handler(new AcceptGate(options.maxConnections()))
            .option(ChannelOption.SO_BACKLOG, 511)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    prepare(channel);
                  }
                });
    for (var address : options.addresses()) {
      var port = listening.isEmpty() ? options.port() : port();
      var bound = bootstrap.bind(new InetSocketAddress(address, port)).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IOException(
            "cannot listen on " + address.getHostAddress() + ":" + port, bound.cause());
      }
      listening.add(bound.channel());
    }
  }

  private void prepare(Channel channel) {
    connections.add(channel);
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
        .addLast(
            new StrictDecoder(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_LINE)
                    .setMaxHeaderSize(MAX_HEADERS)
                    .setMaxChunkSize(CHUNK)
                    .setStrictLineParsing(true)
                    .setUseRfc9112TransferEncoding(true),
                options.headTimeoutMs()))
        .addLast(new HttpResponseEncoder())
        .addLast(new ChunkedWriteHandler())
        .addLast(new FlowControlHandler())
        .addLast(
            new HttpConnection(routes, metrics, options.maxConnections(), options.headTimeoutMs()));
  }

  /** From now on depots and pstates are answered. */
  public void serve(HttpBackend backend) {
    this.backend = backend;
  }

  /** The event loop of all connections: what the engine calls a lane. */
  public EventLoop loop() {
    return loops.next();
  }

  /** The port listened on. */
  public int port() {
    return ((InetSocketAddress) listening.getFirst().localAddress()).getPort();
  }

  /** Where the other parts of the node register their meters. */
  public MeterRegistry registry() {
    return metrics.registry();
  }

  /** Runs an action before each scrape, to renew meters whose labels come and go. */
  public void beforeScrape(Runnable action) {
    metrics.beforeScrape(action);
  }

  /** Takes no more connections, lets answers on their way leave, closes. */
  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(CLOSING));
    connections.newCloseFuture().awaitUninterruptibly(LEAVE_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    metrics.close();
  }
}
