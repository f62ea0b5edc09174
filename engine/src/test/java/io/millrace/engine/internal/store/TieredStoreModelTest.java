package io.millrace.engine.internal.store;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TieredStoreModelTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void storeEqualsMapThroughChangesCheckpointsAndCrashes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int tasks = seed % 2 == 0 ? 1 : 4;
    int keys = seed % 3 == 0 ? 2000 : 60;
    StoreModel model = new StoreModel(directory, seed, tasks, keys, 64 << 20);
    try {
      for (int round = 0; round < 60; round++) {
        for (int i = random.nextInt(400); i > 0; i--) {
          model.change();
        }
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> model.checkpoint();
          case 3 -> model.crash();
          case 4 -> model.verify();
          case 5 -> model.store.reclaim(1_000_000);
          default -> model.verifyScan();
        }
      }
      model.verify();
    } catch (Throwable failure) {
      throw new AssertionError("seed=" + seed + " step=" + model.steps, failure);
    } finally {
      model.store.close();
    }
  }
}
