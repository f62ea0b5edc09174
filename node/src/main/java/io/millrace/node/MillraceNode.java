package io.millrace.node;

import io.millrace.engine.Engine;
import io.millrace.engine.state.RequestMemory;
import io.millrace.http.HttpAccess;
import io.millrace.http.HttpOptions;
import io.millrace.http.HttpServer;
import io.millrace.http.backend.EngineBackend;
import io.millrace.http.metrics.Health;
import io.millrace.node.config.ConfigException;
import io.millrace.node.config.NodeConfig;
import io.millrace.resp.RespConfig;
import io.millrace.resp.RespServer;
import io.millrace.sql.SqlConfig;
import io.millrace.sql.SqlServer;
import io.millrace.sql.run.EngineSnapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: the engine and its doors.
 *
 * <p>The HTTP door opens first, so that probes are answered while the engine recovers; then the
 * engine; then the doors that need it. They stop the other way round, so that nothing is accepted
 * any more when the journal is flushed.
 */
public final class MillraceNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MillraceNode.class);

  private final NodeConfig config;
  private final IntConsumer stop;
  private final IntConsumer fatal;
  private final AtomicReference<Health> health =
      new AtomicReference<>(Health.starting("opening the data directory"));
  private final List<String> doors = new ArrayList<>();
  private final RequestMemory memory = RequestMemory.ofThisProcess();
  private final Access access = new Access();
  private Descriptors descriptors = new Descriptors(0, 0, 0, 0);
  private volatile @Nullable Engine engine;
  private volatile boolean closed;
  private @Nullable RespServer resp;
  private @Nullable SqlServer sql;
  private @Nullable HttpServer http;

  private MillraceNode(NodeConfig config, IntConsumer stop, IntConsumer fatal) {
    this.config = config;
    this.stop = stop;
    this.fatal = fatal;
  }

  /**
   * Starts a node.
   *
   * @param config its configuration
   * @param stop told an exit code when a client asks the node to end in order
   * @param fatal told an exit code when the journal can never be written again
   * @throws CommandFailure saying why it cannot start
   */
  public static MillraceNode start(NodeConfig config, IntConsumer stop, IntConsumer fatal) {
    var node = new MillraceNode(config, stop, fatal);
    try {
      node.open();
      return node;
    } catch (IOException | RuntimeException e) {
      if (unexpected(e)) {
        LOG.error("The start failed", e);
      }
      node.close();
      if (e instanceof CommandFailure || e instanceof ConfigException) {
        throw (RuntimeException) e;
      }
      var inner = e instanceof UncheckedIOException ? e.getCause() : null;
      throw new CommandFailure(ExitCode.FAILED, why(inner instanceof IOException io ? io : e));
    }
  }

  /** True for what only a stack trace explains. */
  private static boolean unexpected(Exception e) {
    return e instanceof RuntimeException
        && !(e instanceof CommandFailure)
        && !(e instanceof ConfigException)
        && !(e instanceof UncheckedIOException);
  }

  private static String why(Exception e) {
    var cause = e.getCause();
    var message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (e instanceof FileSystemException refused) {
      return reason(refused);
    }
    return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
        ? message
        : message + ": " + cause.getMessage();
  }

  /** A file system's own message may be nothing but the path. */
  private static String reason(FileSystemException refused) {
    return switch (refused) {
      case FileAlreadyExistsException _ -> refused.getFile() + " is a file, not a directory";
      case AccessDeniedException _ -> refused.getFile() + ": permission denied";
      case NoSuchFileException _ -> refused.getFile() + " cannot be made, or is not there";
      default -> String.valueOf(refused.getMessage());
    };
  }

  private void open() throws IOException {
    access.password(config.password());
    access.protectedMode(config.text("protected-mode"));
    descriptors =
        Descriptors.plan(
            connections("port", "maxclients"),
            connections("sql-port", "sql-max-connections"),
            connections("http-port", "http-max-connections"));
    if (config.port("http-port") != 0) {
      http = HttpServer.open(httpOptions(), this::health);
    }
    var facts = new NodeFacts(memory, () -> stop.accept(ExitCode.OK), this::onFatal);
    var redis = RespServer.prepare(respConfig(), facts);
    redis.onSetting("requirepass", access::password);
    redis.onSetting("protected-mode", access::protectedMode);
    redis.onSetting("loglevel", NodeLogging::level);
    var modules = ModuleCatalog.named(config.names("modules"));
    var opened = Engine.open(config.engine(), List.of(redis.keyspace()), modules, this::onFatal);
    engine = opened;
    opened.health().add(descriptors::facts);
    facts.attach(opened);
    if (config.port("port") != 0) {
      resp = redis.open(opened::lane);
      doors.add("RESP " + where(redis.port()));
    }
    if (config.port("sql-port") != 0) {
      var tables = opened.tables();
      sql = SqlServer.start(sqlConfig(), () -> tables, new EngineSnapshots(opened));
      doors.add("SQL " + where(sql.port()));
    }
    if (http != null) {
      NodeMetrics.bind(http.registry(), opened);
      http.beforeScrape(NodeMetrics.health(http.registry(), opened.health()));
      http.beforeScrape(NodeMetrics.topologies(http.registry(), opened.control()));
      http.serve(new EngineBackend(opened, http.loop()));
      doors.add("HTTP " + where(http.port()));
    }
    health.set(Health.serving());
  }

  private Health health() {
    var present = health.get();
    var current = engine;
    return current == null ? present : present.with(current.health().all());
  }

  /** Connections wanted of a door, none when it is closed. */
  private int connections(String port, String key) {
    return config.port(port) == 0 ? 0 : (int) Math.min(config.number(key), Integer.MAX_VALUE);
  }

  private RespConfig respConfig() {
    var settings = new LinkedHashMap<>(config.explicit());
    if (descriptors.resp() != connections("port", "maxclients")) {
      settings.put("maxclients", Integer.toString(descriptors.resp()));
    }
    settings.put("dir", config.directory().toString());
    for (var shown : List.of("bind", "port", "appendfsync")) {
      settings.put(shown, config.text(shown));
    }
    return new RespConfig(hosts(), config.port("port"), config.lanes(), settings);
  }

  private SqlConfig sqlConfig() {
    var defaults = SqlConfig.of(hosts(), config.port("sql-port"), access::password);
    var statement = config.bytes("sql-statement-memory");
    var total = config.bytes("sql-memory");
    return defaults
        .withMaxConnections(descriptors.sql())
        .withAdmission(access::admits)
        .withLoginTimeoutMs(config.loginTimeoutMs())
        .withRequests(memory)
        .withStatementTimeoutMs(config.number("sql-statement-timeout"))
        .withMemory(
            statement > 0 ? statement : defaults.statementMemoryBytes(),
            total > 0 ? total : defaults.totalMemoryBytes());
  }

  private List<String> hosts() {
    return config.bind().stream().map(InetAddress::getHostAddress).toList();
  }

  private HttpOptions httpOptions() {
    return new HttpOptions(
        config.bind(),
        config.port("http-port"),
        new HttpAccess(
            access::password,
            access::admits,
            config.names("http-allowed-hosts"),
            config.names("http-allowed-origins")),
        config.bytes("http-max-body"),
        descriptors.http(),
        config.loginTimeoutMs(),
        memory);
  }

  private void onFatal(Throwable failure) {
    try {
      LOG.error(
          "The node cannot go on; no reply leaves any more, the process ends. What was acknowledged"
              + " is in the journal",
          failure);
    } finally {
      // Without memory not even this can be said.
      fatal.accept(ExitCode.FAILED);
    }
  }

  private String where(int port) {
    return config.bind().stream()
        .map(InetAddress::getHostAddress)
        .map(host -> (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
        .reduce((first, second) -> first + " " + second)
        .orElse("");
  }

  /** Where the doors are, for the log. */
  String doors() {
    return doors.isEmpty() ? "" : String.join(", ", doors) + ": ";
  }

  /** The engine of this node. */
  public Engine engine() {
    return Objects.requireNonNull(engine);
  }

  /** Port of the RESP door, 0 when it is closed. */
  public int respPort() {
    return resp == null ? 0 : resp.port();
  }

  /** Port of the SQL door, 0 when it is closed. */
  public int sqlPort() {
    return sql == null ? 0 : sql.port();
  }

  /** Port of the HTTP door, 0 when it is closed. */
  public int httpPort() {
    return http == null ? 0 : http.port();
  }

  /** True while a fold holds the node and cannot be ended. */
  boolean isHeld() {
    var present = engine;
    return present != null && present.isHeld();
  }

  /** True when it is closed. */
  boolean isClosed() {
    return closed;
  }

  /** Takes no more requests, lets answers leave, flushes. */
  @Override
  public void close() {
    try {
      closeAll();
    } finally {
      closed = true;
    }
  }

  private void closeAll() {
    health.set(new Health(true, true, false, "stopping"));
    if (resp != null) {
      resp.close();
    }
    if (sql != null) {
      sql.close();
    }
    if (http != null) {
      http.close();
    }
    if (engine != null) {
      try {
        engine.close();
      } catch (IOException e) {
        throw new CommandFailure(ExitCode.FAILED, "the flush failed: " + why(e));
      }
    }
  }
}
