package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.internal.store.hot.Changes;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.internal.store.hot.HashTable;
import io.millrace.engine.internal.store.hot.SpaceRegistry;
import io.millrace.engine.internal.store.hot.Views;
import io.millrace.engine.table.Snapshot;
import org.jspecify.annotations.Nullable;

/** Opens and closes snapshots; those asked for within a few milliseconds share one sealed view. */
public final class Snapshots {
  private static final long SHARE_NANOS = 5_000_000;

  private final Tiers tiers;
  private final int tasks;
  private final SpaceRegistry registry;
  private final Changes changes;
  private @Nullable SealedView newest;
  private int open;

  public Snapshots(Tiers tiers, int tasks, SpaceRegistry registry, Changes changes) {
    this.tiers = tiers;
    this.tasks = tasks;
    this.registry = registry;
    this.changes = changes;
  }

  /** Number of sealed views that are in use. */
  public int open() {
    return open;
  }

  /** Opens a snapshot; the lock must be held. */
  public Snapshot open(long position, long stampMs, long notBefore) {
    SealedView shared = newest;
    long now = System.nanoTime();
    if (shared == null
        || shared.view.tooOld
        || shared.position < notBefore
        || now - shared.openedNanos > SHARE_NANOS) {
      shared = seal(position, stampMs, now);
      newest = shared;
    }
    shared.users++;
    return new StoreSnapshot(this, tiers, tasks, shared);
  }

  private SealedView seal(long position, long stampMs, long now) {
    int sealed = changes.seal();
    int cold = changes.durable();
    ColdTier.ColdSnapshot coldSnapshot = tiers.cold().snapshot();
    int numbers = registry.tableNumbers();
    @Nullable HashTable[] tables = new @Nullable HashTable[numbers];
    long[] counts = new long[numbers];
    for (int i = 1; i < numbers; i++) {
      HashTable table = registry.tableOrNull(i);
      if (table != null && table.space.inUse()) {
        tables[i] = table;
        counts[i] = table.count;
      }
    }
    open++;
    Views.View view = tiers.views().open(sealed, cold);
    return new SealedView(position, stampMs, now, view, coldSnapshot, tables, counts);
  }

  /** Closes one use of a view. Must be called without the lock. */
  void close(SealedView view) {
    ExecutionLock lock = tiers.lock();
    lock.acquire();
    try {
      if (--view.users > 0) {
        return;
      }
      if (newest == view) {
        newest = null;
      }
      tiers.views().close(view.view);
      open--;
    } finally {
      lock.release();
    }
    tiers.cold().release(view.cold);
  }
}
