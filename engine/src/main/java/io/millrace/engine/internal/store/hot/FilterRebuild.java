package io.millrace.engine.internal.store.hot;

import io.millrace.engine.internal.store.cold.ColdCursor;
import io.millrace.engine.internal.store.cold.StoreException;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.table.SnapshotTooOldException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the existence filters of a store that was just opened by walking its keys on disk, in the
 * background. Until a table's filter is complete, RocksDB is asked.
 */
public final class FilterRebuild implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FilterRebuild.class);
  private static final int BATCH = 128;

  private final long seed;
  private final SpaceRegistry registry;
  private final Residency residency;
  private final ExecutionLock lock;
  private volatile boolean stopped;

  public FilterRebuild(long seed, SpaceRegistry registry, Residency residency, ExecutionLock lock) {
    this.seed = seed;
    this.registry = registry;
    this.residency = residency;
    this.lock = lock;
  }

  public void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    try {
      int numbers = numbers();
      for (int number = 1; number < numbers && !stopped; number++) {
        HashTable table = begin(number);
        if (table != null) {
          fill(table);
        }
      }
    } catch (StoreException | SnapshotTooOldException e) {
      LOG.warn("existence filters stay incomplete, the cold tier is asked instead", e);
    }
  }

  private int numbers() {
    lock.acquire();
    try {
      return registry.tableNumbers();
    } finally {
      lock.release();
    }
  }

  private @Nullable HashTable begin(int number) {
    lock.acquire();
    try {
      HashTable table = registry.tableOrNull(number);
      boolean wanted = table != null && table.space.inUse() && residency.startFilter(table);
      return wanted ? table : null;
    } finally {
      lock.release();
    }
  }

  private void fill(HashTable table) {
    try (ColdCursor cursor = residency.cold().cursor(table.task, table.space, null)) {
      if (cursor != null) {
        cursor.seek(0);
      }
      byte[][] keys = new byte[BATCH][];
      long[] hashes = new long[BATCH];
      int size = 0;
      while (!stopped && cursor != null && cursor.valid()) {
        byte[] key = cursor.key();
        int length = key.length - cursor.keyAt();
        keys[size] = key;
        hashes[size] =
            table.space.order == SpaceOrder.HASH
                ? cursor.hash()
                : KeyHash.hash(key, cursor.keyAt(), length, seed);
        if (++size == BATCH) {
          add(table, keys, cursor.keyAt(), hashes, size, false);
          size = 0;
        }
        cursor.next();
      }
      if (!stopped) {
        int keyAt = cursor == null ? 0 : cursor.keyAt();
        add(table, keys, keyAt, hashes, size, true);
      }
    }
  }

  private void add(
      HashTable table, byte[][] keys, int keyAt, long[] hashes, int size, boolean complete) {
    lock.acquire();
    try {
      ColdFilter filter = table.filter;
      if (filter == null) {
        return;
      }
      for (int i = 0; i < size; i++) {
        if (table.find(keys[i], keyAt, keys[i].length - keyAt, hashes[i]) == 0) {
          filter.add(hashes[i]);
        }
      }
      if (complete) {
        filter.completed();
      }
    } finally {
      lock.release();
    }
  }
}
