package io.millrace.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.millrace.engine.table.Table;
import io.millrace.sql.catalog.Oids;
import io.millrace.sql.catalog.VirtualCatalog;
import io.millrace.sql.plan.PlanCache;
import io.millrace.sql.run.MemoryBudget;
import io.millrace.sql.run.SessionInfo;
import io.millrace.sql.run.SnapshotSource;
import io.millrace.sql.run.ThreadPriority;
import io.millrace.sql.run.VirtualTable;
import io.millrace.sql.session.Environment;
import io.millrace.sql.session.SqlMetrics;
import io.millrace.sql.session.SqlSession;
import io.millrace.sql.wire.PgServer;
import io.millrace.sql.wire.WireConfig;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SQL door: PostgreSQL clients on one side, tables read at snapshots on the other. */
public final class SqlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqlServer.class);
  private static final long WORKER_STACK_BYTES = 16L << 20;

  /** Workers step back behind lanes: a scan lasts milliseconds in any case. */
  private static final int WORKER_NICE = 5;

  private static final Duration COUNT_AGE = Duration.ofSeconds(30);
  private static final double UNKNOWN_ROWS = 1000;
  private static final List<String> WARM_UP =
      List.of(
          "select 1",
          "select relname, count(*) from pg_catalog.pg_class c where relkind = 'r'"
              + " and relname like 'a%' group by relname order by 2 desc, 1 limit 10",
          "select c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n"
              + " on n.oid = c.relnamespace where c.relnatts > 3 order by 1");

  private final Environment environment;
  private final PgServer wire;
  private final ScheduledExecutorService timer;

  private SqlServer(Environment environment, PgServer wire, ScheduledExecutorService timer) {
    this.environment = environment;
    this.wire = wire;
    this.timer = timer;
  }

  /**
   * Starts the door. The planner warms up in the background.
   *
   * @param tables the tables of the moment; asked once per statement, so it should be cheap
   * @param snapshots opens the one snapshot of a statement
   * @throws BindException when the address is taken
   */
  public static SqlServer start(
      SqlConfig config, Supplier<List<Table>> tables, SnapshotSource snapshots)
      throws BindException {
    var timer = new ScheduledThreadPoolExecutor(1, daemon("sql-timer", 0, () -> {}));
    timer.setRemoveOnCancelPolicy(true);
    var environment = environment(config, tables, snapshots, timer);
    var workers = workers(config.workers());
    var wireConfig =
        new WireConfig(
            config.password(),
            config.cleartext(),
            config.maxConnections(),
            config.maxMessageBytes(),
            config.loginTimeoutMs(),
            config.admits(),
            config.requests());
    try {
      var wire =
          new PgServer(
              environment,
              wireConfig,
              workers,
              config.binds().stream()
                  .map(bind -> new InetSocketAddress(bind, config.port()))
                  .toList());
      workers.execute(() -> warmUp(environment));
      return new SqlServer(environment, wire, timer);
    } catch (BindException taken) {
      timer.shutdownNow();
      workers.shutdownNow();
      throw taken;
    }
  }

  private static Environment environment(
      SqlConfig config,
      Supplier<List<Table>> tables,
      SnapshotSource snapshots,
      ScheduledExecutorService timer) {
    Cache<Table, Double> counts = Caffeine.newBuilder().expireAfterWrite(COUNT_AGE).build();
    var plans =
        new PlanCache(
            tables,
            VirtualCatalog::tables,
            table -> counts.get(table, key -> rows(key, snapshots)),
            Oids::table,
            config.fallbackAllowed());
    return new Environment(
        plans,
        snapshots,
        new MemoryBudget(
            config.totalMemoryBytes(), config.statementMemoryBytes(), config.requests()),
        timer,
        Clock.systemUTC(),
        config.statementTimeoutMs(),
        new SqlMetrics());
  }

  private static double rows(Table table, SnapshotSource snapshots) {
    if (table instanceof VirtualTable) {
      return UNKNOWN_ROWS / 10;
    }
    try (var snapshot = snapshots.open(null)) {
      return table.rowCount(snapshot);
    } catch (RuntimeException unknown) {
      LOG.debug("no row count of {}", table.name(), unknown);
      return UNKNOWN_ROWS;
    }
  }

  private static java.util.concurrent.ThreadFactory daemon(
      String name, long stackBytes, Runnable first) {
    var number = new AtomicInteger();
    return task -> {
      Runnable all =
          () -> {
            first.run();
            task.run();
          };
      var thread = new Thread(null, all, name + "-" + number.incrementAndGet(), stackBytes);
      thread.setDaemon(true);
      return thread;
    };
  }

  private static ExecutorService workers(int count) {
    var pool =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemon("sql-worker", WORKER_STACK_BYTES, () -> ThreadPriority.more(WORKER_NICE)));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static void warmUp(Environment environment) {
    try (var session = new SqlSession(environment, new SessionInfo("warm-up", "millrace", 0))) {
      for (var sql : WARM_UP) {
        for (var statement : session.statements(sql)) {
          var prepared = session.prepare(statement, List.of());
          try (var execution = session.execute(prepared, new Object[0])) {
            while (execution.next() != null) {
              LOG.trace("warming up");
            }
          }
        }
      }
    } catch (RejectedExecutionException closed) {
      LOG.debug("closed before the SQL planner was warm");
    } catch (RuntimeException fault) {
      LOG.warn("the SQL planner could not be warmed up", fault);
    }
  }

  /** The port in use. */
  public int port() {
    return wire.port();
  }

  /** Counters of statements. */
  public SqlMetrics metrics() {
    return environment.metrics();
  }

  /** The plan cache, for its counters. */
  public PlanCache plans() {
    return environment.plans();
  }

  /** Clients connected. */
  public int connections() {
    return wire.connections();
  }

  /** A session in this process, without a socket. */
  public SqlSession session(String user) {
    return new SqlSession(environment, new SessionInfo(user, "millrace", 0));
  }

  @Override
  public void close() {
    wire.close();
    timer.shutdownNow();
  }
}
