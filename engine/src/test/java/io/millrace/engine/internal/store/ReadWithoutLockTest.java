package io.millrace.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.runtime.NodeLock;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.table.Snapshot;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies made without the lock count only when nobody has held it meanwhile. */
class ReadWithoutLockTest {
  private static final long SEED = 3;
  private static final byte[] KEY = {1, 2, 3};
  private static final byte[] VALUE = {4, 5};

  @TempDir Path directory;

  /** Counts how often it is taken; may claim that somebody has held it during a read. */
  private static final class WatchedLock implements ExecutionLock {
    private final NodeLock inner = new NodeLock();
    private boolean disturbed;
    private int taken;

    @Override
    public void acquire() {
      inner.acquire();
      taken++;
    }

    @Override
    public void release() {
      inner.release();
    }

    @Override
    public long unheld() {
      return inner.unheld();
    }

    @Override
    public boolean unheldSince(long stamp) {
      return !disturbed && inner.unheldSince(stamp);
    }
  }

  @Test
  void aCopyIsThrownAwayWhenSomebodyHasHeldTheLock() {
    var lock = new WatchedLock();
    var config =
        new StoreConfig(directory.resolve("cold"), 1, SEED, 64 << 20, 1 << 20, 1 << 20, 16 << 20);
    var store = TieredStore.open(config, lock);
    try {
      int space = store.createSpace(1, SpaceOrder.HASH);
      long hash = KeyHash.hash(KEY, 0, KEY.length, SEED);
      store.task(0).put(space, KEY, 0, KEY.length, hash, 1, 0, VALUE, 0, VALUE.length, null);
      try (Snapshot snapshot = store.snapshot(1, 0, 1)) {
        var ref = new Ref();
        var view = snapshot.task(0);
        lock.taken = 0;
        assertThat(view.find(space, KEY, 0, KEY.length, hash, ref)).isTrue();
        assertThat(ref.copyValue()).isEqualTo(VALUE);
        assertThat(lock.taken).isZero();

        lock.disturbed = true;
        assertThat(view.find(space, KEY, 0, KEY.length, hash, ref)).isTrue();
        assertThat(ref.copyValue()).isEqualTo(VALUE);
        assertThat(lock.taken).isOne();
      }
    } finally {
      store.close();
    }
  }

  @Test
  void aStampIsGoodUntilTheLockIsTaken() {
    var lock = new NodeLock();
    long stamp = lock.unheld();
    assertThat(stamp).isNotNegative();
    assertThat(lock.unheldSince(stamp)).isTrue();
    lock.acquire();
    assertThat(lock.unheld()).isNegative();
    assertThat(lock.unheldSince(stamp)).isFalse();
    lock.release();
    assertThat(lock.unheldSince(stamp)).isFalse();
    assertThat(lock.unheldSince(lock.unheld())).isTrue();
  }
}
