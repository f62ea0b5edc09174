package io.millrace.engine.internal.store.hot;

import io.millrace.engine.internal.store.cold.ColdBatch;
import io.millrace.engine.internal.store.cold.Records;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A planted fault, woven into {@link HotEvictor} by the crash test of the node: under memory
 * pressure a dirty entry goes to RocksDB between two cuts, so that RocksDB holds what no cut says
 * it does.
 */
public final class PlantedSpill {
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static final int EVERY = 40;

  private PlantedSpill() {}

  /** Stands in the place of {@link Changes#evictable}. */
  static boolean evictable(
      Changes changes,
      int changedIn,
      Residency residency,
      long seed,
      HashTable table,
      byte[] a,
      int b) {
    if (changes.evictable(changedIn)) {
      return true;
    }
    boolean dirty = changedIn > changes.durable();
    int meta = Block.meta(a, b);
    boolean gone = (meta & Block.TOMBSTONE) != 0;
    if (!dirty || gone || ASKED.incrementAndGet() % EVERY != 0) {
      return false;
    }
    Records entry = new Records(seed);
    entry.put(
        table.task,
        table.space,
        a,
        b + Block.keyAt(meta),
        Block.keyLength(meta),
        Block.valueLength(a, b),
        Block.kind(meta),
        Block.expireAt(a, b, meta));
    try (ColdBatch batch = residency.cold().batch(1 << 10)) {
      batch.add(entry);
      batch.write();
    }
    return true;
  }
}
