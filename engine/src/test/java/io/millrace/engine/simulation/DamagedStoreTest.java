package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.millrace.engine.Seeds;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.node.NodeHost;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.cold.StoreException;
import io.millrace.engine.state.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Damage in the files of a real RocksDB, then a whole start in which everything is read: the same
 * state as before, or an error that says where and what to do. Trials: {@code
 * -Dmillrace.damage.store-trials=300}.
 */
class DamagedStoreTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.millrace.engine");

  @TempDir Path dir;

  private final Map<String, Integer> outcomes = new TreeMap<>();
  private TreeMap<String, String> expected = new TreeMap<>();

  @BeforeEach
  void quiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterEach
  void loud() {
    LOG.setLevel(null);
  }

  private static NodeHost open(Path data, Words words) throws IOException {
    JournalConfig journal =
        JournalConfig.in(data.resolve("journal"))
            .fsync(FsyncMode.NO)
            .segmentBytes(4_000)
            .buffer(1 << 16, 1 << 14)
            .reserveBytes(0)
            .withoutThread();
    return NodeHost.open(
        new NodeHost.Options(
            data,
            4,
            journal,
            TieredStore::open,
            new NodeHost.Memory(1 << 20, 1 << 20, 64 << 20),
            new NodeHost.Checkpoints(1 << 30, Long.MAX_VALUE, false, 0),
            () -> 1_700_000_000_000L,
            false,
            e -> {}),
        NodeHost.natives(List.of(words)));
  }

  /** A directory with several checkpoints, deletions, and records behind the last checkpoint. */
  private Path prepare() throws IOException {
    Path data = dir.resolve("data");
    Words words = new Words();
    SplittableRandom random = new SplittableRandom(5);
    NodeHost host = open(data, words);
    Lane lane = host.node().lane(Runnable::run);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 200; i++) {
        String key = "key" + random.nextInt(400);
        var x = lane.hold();
        String body =
            random.nextInt(5) == 0 ? "del " + key : "set " + key + " v" + i + "y".repeat(i % 90);
        words.apply(body, x);
        words.append(body, x);
        lane.release();
        lane.write();
      }
      if (round < 4) {
        host.checkpoint();
      }
    }
    expected = words.all(lane.hold());
    lane.release();
    host.abandon();
    return data;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @Test
  void damageInTheStoreIsAnErrorOrHarmlessButNeverAnotherState() throws IOException {
    trials(Integer.getInteger("millrace.damage.store-trials", 24));
  }

  @Tag("long")
  @Test
  void fourHundredOfThat() throws IOException {
    trials(400);
  }

  private void trials(int trials) throws IOException {
    long base = Seeds.next();
    Path data = prepare();
    for (int i = 0; i < trials; i++) {
      Path damaged = dir.resolve("damaged-" + i);
      copy(data, damaged);
      trial(damaged, base + i);
      delete(damaged);
    }
    System.out.println("damaged stores: " + trials + " trials " + outcomes);
    assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(trials);
    assertThat(outcomes.keySet().toString()).contains("refused");
  }

  private void trial(Path data, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = pick(data.resolve("state"), random);
    String kind = String.valueOf(file.getFileName()).replaceAll("[-0-9]", "");
    String what = "seed " + seed + ": " + file.getFileName() + " " + damage(file, random);
    Words words = new Words();
    String outcome = "harmless";
    try (NodeHost host = open(data, words)) {
      Lane lane = host.node().lane(Runnable::run);
      // Hashes all entries, loading what is not in memory.
      host.digest();
      try {
        assertThat(words.all(lane.hold())).as(what).isEqualTo(expected);
      } finally {
        lane.release();
      }
    } catch (StoreException | DamageException e) {
      String message = String.valueOf(e.getMessage());
      assertThat(message).as(what).contains(data.toString()).containsIgnoringCase("restore");
      outcome = "refused";
    }
    outcomes.merge(kind + " " + outcome, 1, Integer::sum);
  }

  private static Path pick(Path state, SplittableRandom random) throws IOException {
    try (Stream<Path> all = Files.list(state)) {
      List<Path> files =
          all.filter(path -> !path.getFileName().toString().startsWith("LO"))
              .filter(path -> path.toFile().length() > 0)
              .sorted()
              .toList();
      return files.get(random.nextInt(files.size()));
    }
  }

  private static String damage(Path file, SplittableRandom random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(8)) {
      case 0 -> Files.write(file, Arrays.copyOf(bytes, at));
      case 1 -> {
        for (int i = at; i < Math.min(bytes.length, at + 32); i++) {
          bytes[i] = (byte) random.nextInt();
        }
        Files.write(file, bytes);
        return "garbage at " + at;
      }
      case 2 -> {
        Files.delete(file);
        return "removed";
      }
      default -> {
        int bit = random.nextInt(8);
        bytes[at] ^= (byte) (1 << bit);
        Files.write(file, bytes);
        return "bit " + bit + " of byte " + at + " flipped";
      }
    }
    return "cut at " + at;
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
