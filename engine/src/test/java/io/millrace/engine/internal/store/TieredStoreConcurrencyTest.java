package io.millrace.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.store.cut.Cut;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TieredStoreConcurrencyTest {
  private static final int ROUNDS = 30;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void snapshotsAndCheckpointsStayExactWhileWritersGoOn(long seed) throws Exception {
    StoreModel model = new StoreModel(directory, seed, 4, 120, 200_000);
    AtomicBoolean stop = new AtomicBoolean();
    BlockingQueue<StoreModel.Taken> taken = new LinkedBlockingQueue<>(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> checkpoints = threads.submit(() -> checkpoints(model, stop));
      Future<Integer> compared = threads.submit(() -> compare(model, taken, stop));
      try {
        for (int round = 0; round < ROUNDS; round++) {
          write(model, taken);
        }
      } finally {
        stop.set(true);
      }
      checkpoints.get(60, TimeUnit.SECONDS);
      assertThat(compared.get(60, TimeUnit.SECONDS)).isPositive();
      assertThat(model.store.openViews()).isZero();
      model.crash();
      model.store.learnColdEntries();
      for (int round = 0; round < ROUNDS; round++) {
        write(model, taken);
        taken.take().snapshot().close();
      }
      model.lock.acquire();
      try {
        model.verify();
      } finally {
        model.lock.release();
      }
    } catch (Throwable failure) {
      throw new AssertionError("seed=" + seed, failure);
    } finally {
      model.store.close();
    }
  }

  private static void write(StoreModel model, BlockingQueue<StoreModel.Taken> taken)
      throws InterruptedException {
    for (int hold = 0; hold < 20; hold++) {
      model.lock.acquire();
      try {
        for (int i = 0; i < 10; i++) {
          model.change();
        }
        model.store.evictClean(100_000);
        model.store.reclaim(100_000);
      } finally {
        model.lock.release();
      }
    }
    StoreModel.Taken snapshot;
    model.lock.acquire();
    try {
      snapshot = model.take();
    } finally {
      model.lock.release();
    }
    taken.put(snapshot);
  }

  private static void checkpoints(StoreModel model, AtomicBoolean stop) {
    while (!stop.get()) {
      StoreModel.State sealed;
      Cut cut;
      model.lock.acquire();
      try {
        sealed = model.state.copy();
        cut = model.store.seal(model.state.position(), 5, new byte[] {1, 2, 3});
      } finally {
        model.lock.release();
      }
      model.store.checkpoint(cut);
      model.durable = sealed;
    }
  }

  private static int compare(
      StoreModel model, BlockingQueue<StoreModel.Taken> taken, AtomicBoolean stop)
      throws InterruptedException {
    int compared = 0;
    while (true) {
      StoreModel.Taken next = taken.poll(50, TimeUnit.MILLISECONDS);
      if (next == null) {
        if (stop.get()) {
          return compared;
        }
        continue;
      }
      model.compare(next);
      next.snapshot().close();
      compared++;
    }
  }
}
