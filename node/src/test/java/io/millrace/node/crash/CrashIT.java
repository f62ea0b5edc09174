package io.millrace.node.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a real server with SIGKILL in the middle of a mixed load, starts it again and asks the
 * oracle. Rounds per mode: {@code -Dmillrace.crash.rounds=100}; seed: {@code -Dmillrace.seed=...}.
 */
class CrashIT {
  private static final int WORKERS = 4;

  private final List<String> server = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"always", "everysec", "no"})
  void anAcknowledgedWriteSurvivesKillMinusNineAndNothingElseAppears(
      String fsync, @TempDir Path dir) throws Exception {
    int rounds = Integer.getInteger("millrace.crash.rounds", 4);
    long seed = Seeds.next();
    SplittableRandom random = new SplittableRandom(seed);
    AtomicLong acknowledged = new AtomicLong();
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(new Worker(i, random.nextLong(), acknowledged));
    }
    try {
      for (int round = 0; round <= rounds; round++) {
        round(fsync, dir, round, round == rounds, workers, random);
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + " mode " + fsync + ": " + e.getMessage(), e);
    }
    System.out.printf(
        "crash test, appendfsync %s: %d kills, %d operations acknowledged, 0 lost (seed %d)%n",
        fsync, rounds, acknowledged.get(), seed);
    assertThat(acknowledged.get()).isGreaterThan(rounds * 20L);
  }

  private void round(
      String fsync,
      Path dir,
      int round,
      boolean last,
      List<Worker> workers,
      SplittableRandom random)
      throws Exception {
    int port = freePort();
    Process process = start(dir, port, fsync, 1 + round % 2);
    try {
      try (Wire wire = connect(process, port, dir)) {
        if (round == 0) {
          openAccounts(wire);
        }
        for (Worker worker : workers) {
          worker.check(wire);
        }
        assertThat(money(wire)).isEqualTo(Worker.ACCOUNTS * Worker.START_MONEY);
      }
      if (!last) {
        load(workers, port, process, random);
      }
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static void load(List<Worker> workers, int port, Process process, SplittableRandom random)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
    for (Worker worker : workers) {
      worker.port(port);
      Thread thread = new Thread(worker);
      thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
      threads.add(thread);
      thread.start();
    }
    process.waitFor(600 + random.nextInt(900), TimeUnit.MILLISECONDS);
    assertThat(process.isAlive()).as("the server must not end by itself").isTrue();
    process.destroyForcibly();
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(40));
    }
    assertThat(failures).isEmpty();
  }

  private static void openAccounts(Wire wire) throws IOException {
    for (int i = 0; i < Worker.ACCOUNTS; i++) {
      wire.call("SET", Worker.account(i), Long.toString(Worker.START_MONEY));
    }
  }

  private static long money(Wire wire) throws IOException {
    long sum = 0;
    for (int i = 0; i < Worker.ACCOUNTS; i++) {
      sum += Long.parseLong(String.valueOf(wire.call("GET", Worker.account(i))));
    }
    return sum;
  }

  private Process start(Path dir, int port, String fsync, int lanes) throws IOException {
    server.clear();
    server.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "io.millrace.node.Main"));
    server.addAll(
        List.of(
            "--port", Integer.toString(port),
            "--sql-port", "0",
            "--http-port", "0",
            "--dir", dir.resolve("data").toString(),
            "--appendfsync", fsync,
            "--lanes", Integer.toString(lanes),
            "--hot-memory", "8mb",
            "--checkpoint-bytes", "128kb",
            "--journal-segment-bytes", "64kb"));
    File log = dir.resolve("server.log").toFile();
    return new ProcessBuilder(server)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private static Wire connect(Process process, int port, Path dir) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try {
        Wire wire = new Wire(port);
        if ("PONG".equals(wire.call("PING"))) {
          return wire;
        }
        wire.close();
      } catch (IOException e) {
        process.waitFor(50, TimeUnit.MILLISECONDS);
      }
    }
    String log = Files.readString(dir.resolve("server.log"));
    throw new AssertionError(
        "the server did not come up; end of its log:\n"
            + log.substring(Math.max(0, log.length() - 4000)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
