package io.millrace.benchmarks.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What a change costs SQL and ingest: two builds with the policies module, pinned to the same core,
 * are loaded and asked in turns, so that what else happens on the machine meets both. Prints the
 * median of the time and of the server's CPU, for an event over HTTP and for each query, over the
 * rounds of a launch and then over the launches: what the compiler of a JVM makes of the same code
 * differs by more than a tenth from launch to launch.
 *
 * <p>Usage: {@code PoliciesBeforeAfter <policies> <launches> <rounds> "<launch before>" "<launch
 * after>" [rows beginning with]}; in the launch commands {@code {port}}, {@code {sql-port}}, {@code
 * {http-port}} and {@code {dir}} are replaced.
 */
public final class PoliciesBeforeAfter {
  private static final long SEED = 20_261_130;
  private static final int KEY_GETS = 4_000;
  private static final int EVENTS = 100_000;
  private static final int QUERIES = 10;
  private static final int WARM_ROUNDS = 2;

  /** One of the two builds. */
  private static final class Build implements AutoCloseable {
    final ServerProcess server;
    final PolicyFeed feed;
    final Connection sql;
    final PreparedStatement get;
    final SplittableRandom random = new SplittableRandom(SEED);

    Build(String name, String command, Path dir) throws Exception {
      var sqlPort = ServerProcess.freePort();
      var httpPort = ServerProcess.freePort();
      var launch =
          command
                  .replace("{sql-port}", Integer.toString(sqlPort))
                  .replace("{http-port}", Integer.toString(httpPort))
              + " --modules policies";
      server = Peers.millrace(name, launch, dir.resolve(name), "0");
      feed = new PolicyFeed(httpPort, SEED);
      sql = PoliciesUnderLoad.connect(sqlPort);
      get = sql.prepareStatement("select * from policies.grid where key = ?");
      get.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
    }

    @Override
    public void close() throws SQLException {
      sql.close();
      feed.close();
      server.close();
    }
  }

  /** Something to be measured, so many times in a row. */
  private interface Work {
    void run(Build build) throws SQLException, IOException;
  }

  private record Row(Work work, int times) {}

  /** Microseconds of a single execution. */
  private record Sample(double wall, double cpu) {}

  /** What a launch of both has shown. */
  private record Pair(Sample before, Sample after) {}

  private PoliciesBeforeAfter() {}

  /** Entry point; see class documentation. */
  public static void main(String[] args) throws Exception {
    var policies = Integer.parseInt(args[0]);
    var launches = Integer.parseInt(args[1]);
    var rounds = Integer.parseInt(args[2]);
    var only = args.length > 5 ? args[5] : "";
    var pairs = new LinkedHashMap<String, List<Pair>>();
    for (var launch = 0; launch < launches; launch++) {
      var dir = Files.createTempDirectory("millrace-before-after");
      try (var before = new Build("before", args[3], dir);
          var after = new Build("after", args[4], dir)) {
        for (var build : List.of(before, after)) {
          build.feed.bulk(PoliciesUnderLoad.eventsFor(policies));
        }
        for (var row : rows(policies).entrySet()) {
          if (row.getKey().startsWith(only)) {
            pairs
                .computeIfAbsent(row.getKey(), name -> new ArrayList<>())
                .add(pair(row.getValue(), rounds, before, after));
          }
        }
      }
    }
    print(pairs);
  }

  private static Map<String, Row> rows(int policies) {
    var rows = new LinkedHashMap<String, Row>();
    rows.put("event over HTTP, NDJSON", new Row(build -> build.feed.bulk(EVENTS), 1));
    rows.put(
        "Q1 prepared",
        new Row(
            build -> {
              build.get.setLong(1, 1 + build.random.nextInt(policies));
              try (var found = build.get.executeQuery()) {
                drain(found);
              }
            },
            KEY_GETS));
    rows.put(
        "Q1 as text",
        new Row(
            build ->
                ask(
                    build,
                    "select * from policies.grid where key = "
                        + (1 + build.random.nextInt(policies))),
            KEY_GETS));
    for (var query : PolicyQuery.all()) {
      rows.put(query.name(), new Row(build -> ask(build, query.millrace()), QUERIES));
    }
    return rows;
  }

  private static void ask(Build build, String sql) throws SQLException {
    try (var statement = build.sql.createStatement();
        var found = statement.executeQuery(sql)) {
      drain(found);
    }
  }

  private static void drain(ResultSet found) throws SQLException {
    var columns = found.getMetaData().getColumnCount();
    while (found.next()) {
      for (var i = 1; i <= columns; i++) {
        found.getObject(i);
      }
    }
  }

  private static Pair pair(Row row, int rounds, Build before, Build after)
      throws SQLException, IOException {
    var old = new ArrayList<Sample>();
    var now = new ArrayList<Sample>();
    for (var round = -WARM_ROUNDS; round < rounds; round++) {
      // Who comes first changes: the second finds the caches of the processor full of the first.
      var first = round % 2 == 0 ? before : after;
      var a = measure(row, first);
      var b = measure(row, first == before ? after : before);
      if (round >= 0) {
        old.add(first == before ? a : b);
        now.add(first == before ? b : a);
      }
    }
    return new Pair(median(old), median(now));
  }

  private static void print(Map<String, List<Pair>> pairs) {
    System.out.println(
        "| | before, us | after, us | after/before | before, CPU us | after, CPU us"
            + " | after/before | of each launch |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    pairs.forEach((name, all) -> {
      var each = name.startsWith("event") ? EVENTS : 1;
      var o = median(all.stream().map(Pair::before).toList());
      var n = median(all.stream().map(Pair::after).toList());
      var ratios =
          all.stream()
              .map(pair -> "%.2f".formatted(pair.after.cpu / pair.before.cpu))
              .sorted()
              .collect(Collectors.joining(" "));
      System.out.printf(
          "| %s | %.1f | %.1f | %.2f | %.1f | %.1f | **%.2f** | %s |%n",
          name,
          o.wall / each,
          n.wall / each,
          n.wall / o.wall,
          o.cpu / each,
          n.cpu / each,
          n.cpu / o.cpu,
          ratios);
    });
  }

  private static Sample measure(Row row, Build build) throws SQLException, IOException {
    var cpu = build.server.cpuSeconds();
    var start = System.nanoTime();
    for (var i = 0; i < row.times(); i++) {
      row.work().run(build);
    }
    var wall = (System.nanoTime() - start) / 1e3;
    return new Sample(wall / row.times(), (build.server.cpuSeconds() - cpu) * 1e6 / row.times());
  }

  private static Sample median(List<Sample> samples) {
    return new Sample(
        samples.stream().mapToDouble(Sample::wall).sorted().toArray()[samples.size() / 2],
        samples.stream().mapToDouble(Sample::cpu).sorted().toArray()[samples.size() / 2]);
  }
}
