package io.millrace.node.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One client cannot end a node in a memory group of 512 MiB, with the launcher's own heap: whatever
 * it asks for, the node lives, others are served, and every later start on the directory succeeds
 * in the same group.
 */
class HostileLoadPackagedIT {
  private static final long GROUP = 512L << 20;
  private static final Duration START = Duration.ofSeconds(120);
  private static final long WORST_MS = 90_000;
  private static final long LONG_RUN_NS = TimeUnit.MINUTES.toNanos(10);

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(Long.getLong("millrace.seed", 6));
  private final List<String> figures = new ArrayList<>();
  private int starts;
  private int resp;
  private int sql;
  private int http;

  @Tag("long")
  @Test
  void eachKindOnce() throws Exception {
    run(0);
  }

  @Test
  @Tag("long")
  void allKindsForTenMinutes() throws Exception {
    run(LONG_RUN_NS);
  }

  private void run(long forNanos) throws Exception {
    resp = freePort();
    sql = freePort();
    http = freePort();
    try (var group = group()) {
      var server = start(group);
      try {
        load(server, forNanos);
        long written = afterwards;
        for (int i = 0; i < (forNanos == 0 ? 2 : 5); i++) {
          server.destroyForcibly().waitFor();
          server = start(group);
          assertThat(lost(written)).as("acknowledged writes that are gone").isZero();
        }
        assertThat(group.killed()).as("kills by the kernel").isZero();
      } finally {
        server.destroyForcibly().waitFor();
      }
    }
    figures.forEach(System.out::println);
  }

  private long afterwards;

  private void load(Process server, long forNanos) throws Exception {
    var kinds = List.copyOf(new Kinds(resp, sql, http).all().entrySet());
    long end = System.nanoTime() + forNanos;
    var reads = new Witness("SQL", () -> new Client(sql).sql(), this::selects);
    var probes = new Witness("HTTP", () -> new Client(http), this::probes);
    var writes = new Witness("RESP", () -> new Client(resp), this::writes);
    try (writes;
        reads;
        probes) {
      int runs = 0;
      do {
        var kind = kinds.get(forNanos == 0 ? runs : random.nextInt(kinds.size()));
        play(kind, server);
        runs++;
      } while (forNanos == 0 ? runs < kinds.size() : System.nanoTime() < end);
      figures.add(
          "kinds="
              + kinds.size()
              + " runs="
              + runs
              + " seconds="
              + (System.nanoTime() - end + forNanos) / 1_000_000_000);
    }
    for (var witness : List.of(writes, reads, probes)) {
      figures.add(witness.toString());
      assertThat(witness.acknowledged).as(witness.toString()).isPositive();
      // Statements wait for a worker, at most as long as the statements of others may take.
      assertThat(witness.worstMs).as(witness.toString()).isLessThan(WORST_MS);
    }
    assertThat(writes.lastProblem).as(writes.toString()).isEmpty();
    assertThat(probes.lastProblem).as(probes.toString()).isEmpty();
    afterwards = writes.acknowledged;
  }

  private void play(Map.Entry<String, Kinds.Kind> kind, Process server) throws IOException {
    var open = new ArrayList<Client>();
    var before = System.nanoTime();
    var outcome = "done";
    try {
      kind.getValue().run(open);
    } catch (IOException refused) {
      outcome = String.valueOf(refused.getMessage());
    } finally {
      for (var client : open) {
        client.close();
      }
    }
    long ms = (System.nanoTime() - before) / 1_000_000;
    figures.add(kind.getKey() + ": " + outcome + ", " + ms + " ms");
    assertThat(server.isAlive()).as("alive after " + kind.getKey() + "\n" + output()).isTrue();
    try (var after = new Client(resp)) {
      assertThat(after.call("PING")).as("after " + kind.getKey()).isEqualTo("+PONG");
    }
  }

  private boolean writes(Client client, long n) throws IOException {
    return client.call("SET", "ack:" + n, n).equals("+OK");
  }

  private boolean selects(Client client, long n) throws IOException {
    return client.query("select " + n % 10).isEmpty();
  }

  private boolean probes(Client client, long n) throws IOException {
    client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    boolean up = client.line().contains("200");
    int body = 0;
    for (var line = client.line(); !line.isEmpty(); line = client.line()) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        body = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    client.skip(body);
    return up;
  }

  private long lost(long written) throws IOException {
    long lost = 0;
    try (var client = new Client(resp)) {
      for (long n = 1; n <= written; n += 500) {
        long to = Math.min(written, n + 499);
        var many = new StringBuilder();
        for (long i = n; i <= to; i++) {
          many.append(Client.command("GET", "ack:" + i));
        }
        client.send(many.toString());
        for (long i = n; i <= to; i++) {
          lost += client.reply().equals("$" + Long.toString(i).length()) ? 0 : 1;
        }
      }
    }
    return lost;
  }

  private static MemoryGroup group() {
    try {
      return MemoryGroup.create("millrace-hostile-" + ProcessHandle.current().pid(), GROUP);
    } catch (IOException refused) {
      assumeThat(refused).as("memory groups need root and a cgroup that can be written").isNull();
      throw new IllegalStateException(refused);
    }
  }

  private Process start(MemoryGroup group) throws IOException {
    var command = new ArrayList<>(group.entering());
    command.addAll(
        List.of(
            root().resolve("millrace").toString(),
            "--dir",
            directory.resolve("data").toString(),
            "--port",
            Integer.toString(resp),
            "--sql-port",
            Integer.toString(sql),
            "--http-port",
            Integer.toString(http),
            "--modules",
            "policies"));
    var builder = new ProcessBuilder(command).directory(root().toFile()).redirectErrorStream(true);
    builder.environment().put("MILLRACE_BUILD", "no");
    starts++;
    var server = builder.redirectOutput(log().toFile()).start();
    Awaitility.await()
        .atMost(START)
        .until(() -> output().contains("Ready to accept connections") || !server.isAlive());
    assertThat(server.isAlive()).as("started\n" + output()).isTrue();
    return server;
  }

  private Path log() {
    return directory.resolve("server-" + starts + ".log");
  }

  private String output() throws IOException {
    return Files.readString(log());
  }

  private static Path root() {
    return Path.of(System.getProperty("millrace.root", "..")).toAbsolutePath().normalize();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
