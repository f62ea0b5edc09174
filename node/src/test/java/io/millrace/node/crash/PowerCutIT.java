package io.millrace.node.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.engine.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts the power of the file system under a real server in the middle of a load, mounts it again,
 * starts the server and asks the oracle. Needs the right to mount. Rounds per mode: {@code
 * -Dmillrace.power.rounds=50}; seed: {@code -Dmillrace.seed=...}.
 */
@Tag("long")
class PowerCutIT {
  private static final int WORKERS = 4;

  private static final double MOST_LOST_MS = 1_000;

  /** What the rounds of a mode came to. */
  private static final class Sums {
    long answered;
    long lost;

    /** From the first answer that is lost to the newest answer, by the clients' clocks. */
    double worstMs;

    /** To when the newest answered operation was sent: what the server cannot talk away. */
    double surelyMs;

    int roundsWithLoss;
  }

  @ParameterizedTest
  @Timeout(1800)
  @ValueSource(strings = {"always", "everysec", "no"})
  void aPowerCutLosesNoMoreThanTheModeMayAndNeverMakesAHole(String fsync, @TempDir Path dir)
      throws Exception {
    int rounds = Integer.getInteger("millrace.power.rounds", 50);
    SplittableRandom random = new SplittableRandom(Seeds.next());
    List<PowerWorker> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(new PowerWorker(i, random.split()));
    }
    Sums sums = new Sums();
    try (LoopDisk disk = LoopDisk.make(dir)) {
      for (int round = 0; round <= rounds; round++) {
        round(disk, dir, fsync, round, round == rounds, workers, sums, random);
      }
    } catch (LoopDisk.Unavailable e) {
      abort("not run: " + e.getMessage());
    }
    System.out.printf(
        "real power cuts, appendfsync %s: %d cuts, %d operations answered, %d of them lost in %d"
            + " rounds, longest span lost %.0f ms by the clients' clocks, surely %.0f ms, 0 holes%n",
        fsync, rounds, sums.answered, sums.lost, sums.roundsWithLoss, sums.worstMs, sums.surelyMs);
    assertThat(sums.answered).isGreaterThan(rounds * 20L);
    if (fsync.equals("always")) {
      assertThat(sums.lost).isZero();
    }
    if (fsync.equals("everysec")) {
      assertThat(sums.surelyMs).isLessThanOrEqualTo(MOST_LOST_MS);
    }
  }

  private static void round(
      LoopDisk disk,
      Path dir,
      String fsync,
      int round,
      boolean last,
      List<PowerWorker> workers,
      Sums sums,
      SplittableRandom random)
      throws Exception {
    // Checkpoints force the journal: without them only the mode does.
    String checkpoints = round % 3 == 0 ? "64mb" : "128kb";
    try (CrashServer server = start(disk, dir, fsync, 1 + round % 2, checkpoints)) {
      try (Wire wire = server.connect()) {
        judge(wire, fsync + " round " + round, workers, sums);
        money(wire, round);
      }
      if (!last) {
        load(disk, server, workers, random);
      }
    }
    if (!last) {
      disk.unmount();
      disk.mount();
    }
  }

  private static void judge(Wire wire, String what, List<PowerWorker> workers, Sums sums)
      throws IOException {
    long oldest = Long.MAX_VALUE;
    long newest = Long.MIN_VALUE;
    long newestSent = Long.MIN_VALUE;
    long survivorSent = Long.MIN_VALUE;
    long lost = 0;
    for (PowerWorker worker : workers) {
      PowerWorker.Loss loss = worker.check(wire, what);
      sums.answered += loss.answered();
      lost += loss.lost();
      oldest = Math.min(oldest, loss.oldestLost());
      newest = Math.max(newest, loss.newest());
      newestSent = Math.max(newestSent, loss.newestSent());
      survivorSent = Math.max(survivorSent, loss.lastSurvivorSent());
    }
    for (PowerWorker worker : workers) {
      assertThat(worker.lostAnsweredBefore(survivorSent, worker.newestFound(wire)))
          .as("%s: a hole: something survived that was sent after an answer that is lost", what)
          .isFalse();
    }
    for (PowerWorker worker : workers) {
      worker.settle(wire);
    }
    if (lost > 0) {
      sums.lost += lost;
      sums.roundsWithLoss++;
      sums.worstMs = Math.max(sums.worstMs, (newest - oldest) / 1e6);
      sums.surelyMs = Math.max(sums.surelyMs, (newestSent - oldest) / 1e6);
    }
  }

  private static void money(Wire wire, int round) throws IOException {
    long sum = 0;
    boolean none = true;
    for (int i = 0; i < PowerWorker.ACCOUNTS; i++) {
      Object amount = wire.call("GET", PowerWorker.account(i));
      none &= amount == null;
      sum += amount == null ? 0 : Long.parseLong(String.valueOf(amount));
    }
    if (none) {
      assertThat(round).as("accounts are there from the first round on").isZero();
      for (int i = 0; i < PowerWorker.ACCOUNTS; i++) {
        wire.call("SET", PowerWorker.account(i), Long.toString(PowerWorker.MONEY));
      }
      assertThat(wire.call("SAVE")).isEqualTo("OK");
      return;
    }
    assertThat(sum)
        .as("money in round %d", round)
        .isEqualTo(PowerWorker.ACCOUNTS * PowerWorker.MONEY);
  }

  private static void load(
      LoopDisk disk, CrashServer server, List<PowerWorker> workers, SplittableRandom random)
      throws IOException, InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (PowerWorker worker : workers) {
      worker.port(server.port());
      threads.add(Thread.ofPlatform().daemon().start(worker));
    }
    server.pause(500 + random.nextInt(1_300));
    assertThat(server.alive()).as("the server must not end by itself").isTrue();
    disk.cut(server.process());
    server.kill();
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(40));
      assertThat(thread.isAlive()).as("a worker ends with its connection").isFalse();
    }
  }

  private static CrashServer start(
      LoopDisk disk, Path dir, String fsync, int lanes, String checkpoints) throws IOException {
    Map<String, String> settings =
        Map.of(
            "sql-port",
            "0",
            "http-port",
            "0",
            "dir",
            disk.root().resolve("deep/data").toString(),
            "appendfsync",
            fsync,
            "lanes",
            Integer.toString(lanes),
            "hot-memory",
            "8mb",
            "checkpoint-bytes",
            checkpoints,
            "journal-segment-bytes",
            "64kb");
    return CrashServer.start(dir, List.of(), settings);
  }
}
