package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.state.Lane;
import io.millrace.engine.table.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
  @TempDir Path dir;

  private final KvModule kv = new KvModule();

  private EngineConfig config() {
    return EngineConfig.in(dir.resolve("data"))
        .withTasks(4)
        .withMemory(8 << 20, 1 << 20)
        .withCheckpoints(16 << 10, Long.MAX_VALUE, Long.MAX_VALUE)
        .withBackground(false);
  }

  private Engine open(EngineConfig config) throws IOException {
    return Engine.open(config, List.of(kv));
  }

  @Test
  void whatWasAppendedIsThereAfterACrashWithoutAnyCheckpoint() throws Exception {
    try (Engine engine = open(config())) {
      Lane lane = engine.lane(Runnable::run);
      kv.put(lane, "a", "1");
      kv.put(lane, "b", "2");
      engine.abandon();
    }
    try (Engine engine = open(config())) {
      Lane lane = engine.lane(Runnable::run);
      assertThat(kv.get(lane, "a")).isEqualTo("1");
      assertThat(kv.get(lane, "b")).isEqualTo("2");
      assertThat(kv.get(lane, "c")).isNull();
    }
  }

  @Test
  void replyPositionsAreReleasedByTheWriteUnderEverysec() throws Exception {
    try (Engine engine = open(config())) {
      Lane lane = engine.lane(Runnable::run);
      long position = kv.put(lane, "a", "1");
      assertThat(lane.released()).isGreaterThanOrEqualTo(position);
      assertThat(engine.status().written()).isGreaterThanOrEqualTo(position);
    }
  }

  @Test
  void crashesCheckpointsAndRestartsInAnyOrderLoseNothing() throws Exception {
    long seed = Seeds.next();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, String> oracle = new HashMap<>();
    Engine engine = open(config());
    Lane lane = engine.lane(Runnable::run);
    for (int step = 0; step < 3_000; step++) {
      String key = "key" + random.nextInt(200);
      if (random.nextInt(3) > 0) {
        String value = "value" + step + "x".repeat(random.nextInt(200));
        kv.put(lane, key, value);
        oracle.put(key, value);
      } else {
        assertThat(kv.get(lane, key)).as("seed %d step %d", seed, step).isEqualTo(oracle.get(key));
      }
      if (random.nextInt(200) == 0) {
        engine.checkpoint();
      }
      if (random.nextInt(300) == 0) {
        if (random.nextBoolean()) {
          engine.abandon();
        } else {
          engine.close();
        }
        engine = open(config());
        lane = engine.lane(Runnable::run);
      }
    }
    for (Map.Entry<String, String> entry : oracle.entrySet()) {
      assertThat(kv.get(lane, entry.getKey())).as("seed %d", seed).isEqualTo(entry.getValue());
    }
    engine.close();
  }

  @Test
  void theDigestIsTheSameFromZeroAndFromTheLastCut() throws Exception {
    long[] digest = new long[1];
    try (Engine engine = open(config().withKeepJournal(true))) {
      Lane lane = engine.lane(Runnable::run);
      for (int i = 0; i < 500; i++) {
        kv.put(lane, "key" + i % 90, "value" + i);
        if (i % 100 == 50) {
          engine.checkpoint();
        }
      }
      digest[0] = engine.digest();
      engine.abandon();
    }
    long live = digest[0];
    try (Engine engine = open(config().withKeepJournal(true))) {
      assertThat(engine.digest()).isEqualTo(live);
    }
    Verification found =
        Verification.run(config().withKeepJournal(true), () -> List.of(new KvModule()), List::of);
    assertThat(found.complete()).isTrue();
    assertThat(found.folds()).hasSize(2).allMatch(fold -> fold.digest() == live);
  }

  @Test
  void checkpointsLetOldSegmentsGo() throws Exception {
    try (Engine engine = open(config())) {
      Lane lane = engine.lane(Runnable::run);
      for (int i = 0; i < 2_000; i++) {
        kv.put(lane, "key" + i % 50, "value" + i);
      }
      long before = segments();
      engine.checkpoint();
      assertThat(before).isGreaterThan(2);
      assertThat(segments()).isLessThan(before);
      assertThat(engine.status().checkpoints()).isEqualTo(1);
    }
  }

  private long segments() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("data/journal"))) {
      return files.count();
    }
  }

  @Test
  void aSecondEngineOnTheSameDirectoryIsRefused() throws Exception {
    try (Engine engine = open(config())) {
      assertThat(engine.status().epoch()).isPositive();
      assertThatThrownBy(() -> open(config()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another process");
    }
  }

  @Test
  void aSnapshotStaysAsItWas() throws Exception {
    try (Engine engine = open(config())) {
      Lane lane = engine.lane(Runnable::run);
      kv.put(lane, "a", "1");
      try (Snapshot snapshot = engine.snapshot()) {
        kv.put(lane, "a", "2");
        kv.put(lane, "b", "3");
        engine.checkpoint();
        long[] seen = new long[1];
        for (int task = 0; task < snapshot.tasks(); task++) {
          int space = 1;
          snapshot
              .task(task)
              .scan(
                  space,
                  0,
                  -1L,
                  entry -> {
                    assertThat(entry.copyValue()).isEqualTo(new byte[] {'1'});
                    seen[0]++;
                    return true;
                  });
        }
        assertThat(seen[0]).isEqualTo(1);
      }
      assertThat(kv.get(lane, "a")).isEqualTo("2");
    }
  }
}
