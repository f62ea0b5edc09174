package io.millrace.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TieredStoreModelTest {
  private static final long SEEDS = Long.getLong("millrace.store.seeds", 4);

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void storeEqualsMapThroughChangesCheckpointsAndCrashes(long seed) {
    assertThat(run(seed, 64 << 20)).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void storeEqualsMapWhileMostOfItIsEvicted(long seed) {
    assertThat(run(seed, 20_000)).isPositive();
  }

  private long run(long seed, long hotMemory) {
    SplittableRandom random = new SplittableRandom(seed);
    int tasks = seed % 2 == 0 ? 1 : 4;
    int keys = seed % 3 == 0 ? 500 : 30;
    StoreModel model = new StoreModel(directory, seed, tasks, keys, hotMemory);
    try {
      for (int round = 0; round < 80; round++) {
        for (int i = random.nextInt(400); i > 0; i--) {
          model.change();
          if (i % 16 == 0) {
            model.store.evictClean(1_000_000);
          }
        }
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> model.checkpoint();
          case 3 -> {
            if (random.nextInt(4) == 0) {
              model.crash();
            }
          }
          case 4 -> model.verify();
          case 5 -> model.store.reclaim(1_000_000);
          case 6 -> model.openSnapshot();
          case 7, 8 -> model.checkSnapshot();
          default -> model.verifyScan();
        }
      }
      model.verify();
      model.closeSnapshots();
      return model.evicted + model.store.evictedEntries();
    } catch (Throwable failure) {
      throw new AssertionError("seed=" + seed + " step=" + model.steps, failure);
    } finally {
      model.store.close();
    }
  }
}
