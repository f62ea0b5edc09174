package io.millrace.sql.wire;

import io.millrace.engine.state.Lane;
import io.millrace.sql.run.SessionInfo;
import io.millrace.sql.session.Environment;
import io.millrace.sql.session.SqlSession;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for PostgreSQL clients. */
public final class PgServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PgServer.class);
  private static final int LOW_WATER = 32 << 10;
  private static final int HIGH_WATER = 128 << 10;

  private final Environment environment;
  private final WireConfig config;
  private final ExecutorService workers;
  private final Cancels cancels = new Cancels();
  private final AcceptGate gate;
  private final Admission admission;
  private volatile @Nullable Known known;
  private final EventLoopGroup loops;
  private final List<Channel> channels = new ArrayList<>();
  private final Map<EventExecutor, Lane> lanes = new IdentityHashMap<>();

  /**
   * Starts listening.
   *
   * @param workers threads that run statements; closed with the server
   * @param addresses where; a port of 0 is chosen once for all
   * @throws BindException when the address is taken
   */
  public PgServer(
      Environment environment,
      WireConfig config,
      ExecutorService workers,
      List<InetSocketAddress> addresses)
      throws BindException {
    this.environment = environment;
    this.config = config;
    gate = new AcceptGate(config.maxConnections());
    this.workers = workers;
    this.admission = new Admission(config.admits(), config.maxConnections());
    var epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("sql-io", true), io);
    for (var loop : loops) {
      var lane = environment.snapshots().lane(task -> later(loop, task));
      if (lane != null) {
        lanes.put(loop, lane);
      }
    }
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    try {
      for (var address : addresses) {
        if (address.isUnresolved()) {
          // Without an address it would be the wildcard.
          throw new BindException(
              "cannot listen for SQL on \"" + address.getHostString() + "\": unknown host");
        }
        var port = channels.isEmpty() ? address.getPort() : port();
        channels.add(bind(type, new InetSocketAddress(address.getAddress(), port)));
      }
    } catch (BindException taken) {
      channels.forEach(Channel::close);
      loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
      throw taken;
    }
  }

  private Channel bind(Class<? extends ServerChannel> type, InetSocketAddress address)
      throws BindException {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .handler(gate)
            .option(ChannelOption.SO_BACKLOG, 511)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER, HIGH_WATER))
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel client) {
                    var decoder = new FrameDecoder(config.maxMessageBytes(), config.requests());
                    var connection = new PgConnection(PgServer.this, decoder, client);
                    client.pipeline().addLast(decoder, connection);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var failure = new BindException("cannot listen for SQL on " + address);
      failure.initCause(bound.cause());
      throw failure;
    }
    return bound.channel();
  }

  private static void later(EventExecutor loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      LOG.debug("the SQL door has closed", closed);
    }
  }

  /** The lane of an event loop, or null when every statement needs a worker. */
  @Nullable Lane lane(EventExecutor loop) {
    return lanes.get(loop);
  }

  /** The port in use. */
  public int port() {
    return ((InetSocketAddress) channels.getFirst().localAddress()).getPort();
  }

  /** Clients connected. */
  public int connections() {
    return admission.connected();
  }

  WireConfig config() {
    return config;
  }

  Cancels cancels() {
    return cancels;
  }

  ExecutorService workers() {
    return workers;
  }

  /** A password and what SCRAM needs of it. */
  private record Known(String password, Scram.Verifier verifier) {}

  /** What SCRAM needs of the present password, or null when there is none. */
  Scram.@Nullable Verifier verifier() {
    var password = config.password().get();
    if (password.isEmpty()) {
      return null;
    }
    var present = known;
    if (present == null || !present.password.equals(password)) {
      present = new Known(password, Scram.Verifier.of(password));
      known = present;
    }
    return present.verifier;
  }

  boolean passwordIs(String given) {
    var password = config.password().get();
    return !password.isEmpty()
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
  }

  Admission admission() {
    return admission;
  }

  SqlSession open(SessionInfo info) {
    return new SqlSession(environment, info);
  }

  @Override
  public void close() {
    channels.forEach(channel -> channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS));
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    workers.shutdownNow();
  }
}
