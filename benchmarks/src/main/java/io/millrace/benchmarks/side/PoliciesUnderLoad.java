package io.millrace.benchmarks.side;

import io.millrace.node.demo.Policies.PolicyIssued;
import io.millrace.node.demo.PolicyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The policy grid under load: a node with so many policies takes events over HTTP and commands over
 * RESP at fixed rates while queries are measured over pgjdbc; then their answers are compared with
 * SQLite's, and appended rows are asked for by their tokens.
 *
 * <p>Usage: {@code PoliciesUnderLoad <policies> <events per second> <runs per query> "<millrace
 * command>"}, with {@code {port} {sql-port} {http-port} {dir}} in the command.
 */
public final class PoliciesUnderLoad {
  private static final long SEED = 20_261_122;
  private static final int COMMANDS_PER_SECOND = 2_000;
  private static final int KEY_GETS = 200;
  private static final int TOKENS = 200;
  private static final int CONNECT_TRIES = 300;

  private final int policies;
  private final int eventsPerSecond;
  private final int runs;
  private final ServerProcess server;
  private final PolicyFeed feed;
  private final Connection sql;
  private double otherCpu;

  private PoliciesUnderLoad(
      int policies,
      int eventsPerSecond,
      int runs,
      ServerProcess server,
      PolicyFeed feed,
      Connection sql) {
    this.policies = policies;
    this.eventsPerSecond = eventsPerSecond;
    this.runs = runs;
    this.server = server;
    this.feed = feed;
    this.sql = sql;
  }

  /** Entry point; see class documentation. */
  public static void main(String[] args) throws Exception {
    var dir = Files.createTempDirectory("millrace-policies");
    var sqlPort = ServerProcess.freePort();
    var httpPort = ServerProcess.freePort();
    var launch =
        args[3]
                .replace("{sql-port}", Integer.toString(sqlPort))
                .replace("{http-port}", Integer.toString(httpPort))
            + " --modules policies";
    try (var server = Peers.millrace("millrace", launch, dir, "0-1");
        var feed = new PolicyFeed(httpPort, SEED);
        var sql = connect(sqlPort)) {
      new PoliciesUnderLoad(
              Integer.parseInt(args[0]),
              Integer.parseInt(args[1]),
              Integer.parseInt(args[2]),
              server,
              feed,
              sql)
          .run();
    } finally {
      delete(dir);
    }
  }

  private static void delete(Path dir) throws IOException {
    try (var files = Files.walk(dir)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Connects; the RESP door, which said that the node is there, opens a little earlier. */
  static Connection connect(int sqlPort) throws SQLException, InterruptedException {
    var url = "jdbc:postgresql://127.0.0.1:" + sqlPort + "/millrace";
    for (var left = CONNECT_TRIES; ; left--) {
      try {
        return DriverManager.getConnection(url, "millrace", "");
      } catch (SQLException notYet) {
        if (left == 0) {
          throw notYet;
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  /** Events the generator needs for so many policies. */
  static long eventsFor(int policies) {
    var generator = new PolicyGenerator(SEED);
    long events = 0;
    for (var issued = 0; issued < policies; events++) {
      if (generator.next() instanceof PolicyIssued) {
        issued++;
      }
    }
    return events;
  }

  private void run() throws Exception {
    load();
    var normal = OpenLoop.run(server.port(), COMMANDS_PER_SECOND, 15);
    report("RESP alone", normal);
    var feeding = feed.steadily(eventsPerSecond);
    var fed = OpenLoop.run(server.port(), COMMANDS_PER_SECOND, 15);
    report("RESP while events come in", fed);
    var commands = new Background(server.port());
    try {
      measureIdle();
      System.out.println(
          "| query | rows | median ms | p99 ms | server CPU ms | bar ms | fallbacks |");
      System.out.println("|---|---|---|---|---|---|---|");
      keyGets();
      for (var query : PolicyQuery.all()) {
        measure(query);
      }
    } finally {
      report("RESP while events come in and queries run", commands.end());
    }
    var sent = feed.sent();
    try (var ledger = new PolicyLedger(SEED)) {
      var compared = PolicyAnswers.compare(sql, ledger, PolicyQuery.all());
      System.out.printf(
          "At journal position %,d (%,d events; %,d sent before): %s%n",
          compared.position(),
          compared.events(),
          sent,
          compared.differences().isEmpty()
              ? "all answers equal SQLite's"
              : String.join("; ", compared.differences()));
    }
    var unseen = PolicyAnswers.unseen(sql, feed, TOKENS);
    feed.stop(feeding);
    System.out.printf(
        "Rows asked for by the token of their append: %d of %d seen; slices of the feed more than"
            + " a second late: %d%n",
        TOKENS - unseen, TOKENS, feed.late());
  }

  private void load() throws IOException, SQLException {
    var events = eventsFor(policies);
    var cpu = server.cpuSeconds();
    var start = System.nanoTime();
    feed.bulk(events);
    var seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "Loaded %,d events for %s policies over HTTP in %.1f s: %,.0f/s, %.1f us CPU per event,"
            + " %d MiB resident%n",
        events,
        PolicyQuery.rows(sql, "select count(*) from policies.grid").getFirst(),
        seconds,
        events / seconds,
        (server.cpuSeconds() - cpu) * 1e6 / events,
        server.residentBytes() >> 20);
  }

  /** CPU the node needs for events and commands alone; queries are not charged with it. */
  private void measureIdle() throws IOException, InterruptedException {
    var cpu = server.cpuSeconds();
    var start = System.nanoTime();
    TimeUnit.SECONDS.sleep(10);
    otherCpu = (server.cpuSeconds() - cpu) / ((System.nanoTime() - start) / 1e9);
    System.out.printf(
        "%,d events/s and %,d commands/s take %.0f %% of a core%n",
        eventsPerSecond, COMMANDS_PER_SECOND, otherCpu * 100);
  }

  private static void report(String what, Histogram latency) {
    System.out.printf(
        "%s: p50 %d us, p99 %d us, p99.9 %d us, max %d us, %,d commands%n",
        what,
        latency.getValueAtPercentile(50),
        latency.getValueAtPercentile(99),
        latency.getValueAtPercentile(99.9),
        latency.getMaxValue(),
        latency.getTotalCount());
  }

  private void keyGets() throws SQLException, IOException {
    var random = new SplittableRandom(SEED);
    try (var get = sql.prepareStatement("select * from policies.grid where key = ?")) {
      get.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
      line(
          "Q1 prepared",
          0.045,
          () -> {
            get.setLong(1, 1 + random.nextInt(policies));
            try (var found = get.executeQuery()) {
              return drain(found);
            }
          },
          runs * KEY_GETS,
          0);
    }
    try (var get = sql.createStatement()) {
      line(
          "Q1b ad-hoc text",
          0.080,
          () -> {
            var key = 1 + random.nextInt(policies);
            try (var found = get.executeQuery("select * from policies.grid where key = " + key)) {
              return drain(found);
            }
          },
          runs * KEY_GETS,
          0);
    }
  }

  private void measure(PolicyQuery query) throws SQLException, IOException {
    try (var statement = sql.prepareStatement(query.millrace())) {
      line(
          query.name(),
          query.bar(),
          () -> {
            try (var found = statement.executeQuery()) {
              return drain(found);
            }
          },
          runs,
          PolicyAnswers.fallbacks(sql, query));
    }
  }

  private static long drain(java.sql.ResultSet found) throws SQLException {
    var columns = found.getMetaData().getColumnCount();
    long rows = 0;
    for (; found.next(); rows++) {
      for (var i = 1; i <= columns; i++) {
        found.getObject(i);
      }
    }
    return rows;
  }

  private interface Ask {
    long rows() throws SQLException;
  }

  private void line(String name, double bar, Ask ask, int times, long fallbacks)
      throws SQLException, IOException {
    long rows = 0;
    for (var i = 0; i < Math.max(5, times / 4); i++) {
      rows = ask.rows();
    }
    var took = new long[times];
    var cpu = server.cpuSeconds();
    var start = System.nanoTime();
    for (var i = 0; i < times; i++) {
      var begin = System.nanoTime();
      ask.rows();
      took[i] = System.nanoTime() - begin;
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    var used = server.cpuSeconds() - cpu - otherCpu * seconds;
    Arrays.sort(took);
    System.out.printf(
        "| %s | %d | %.3f | %.3f | %.3f | %s | %d |%n",
        name,
        rows,
        took[times / 2] / 1e6,
        took[(int) (times * 0.99)] / 1e6,
        used * 1e3 / times,
        bar == 0 ? "-" : Double.toString(bar),
        fallbacks);
  }

  /** Commands over RESP for as long as something else takes. */
  private static final class Background {
    private static final int SECONDS = 5;

    private final List<Histogram> parts = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ended;

    Background(int port) {
      thread =
          Thread.ofPlatform()
              .name("commands")
              .start(() -> {
                try {
                  while (!ended) {
                    parts.add(OpenLoop.run(port, COMMANDS_PER_SECOND, SECONDS));
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    Histogram end() throws InterruptedException {
      ended = true;
      thread.join();
      var all = parts.getFirst().copy();
      parts.subList(1, parts.size()).forEach(all::add);
      return all;
    }
  }
}
