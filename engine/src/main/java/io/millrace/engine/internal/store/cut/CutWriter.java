package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdBatch;
import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.internal.store.cold.Records;
import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.internal.store.hot.Block;
import io.millrace.engine.internal.store.hot.Changes;
import io.millrace.engine.internal.store.hot.Collector;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.internal.store.hot.IntList;
import io.millrace.engine.internal.store.hot.Slabs;
import io.millrace.engine.internal.store.hot.SpaceRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a sealed cut into the durable one. */
public final class CutWriter {
  private static final long BURST_NANOS = 20_000;

  private final Tiers tiers;
  private final int tasks;
  private final SpaceRegistry registry;
  private final Changes changes;
  private final Slabs slabs;
  private final ColdTier cold;
  private final ExecutionLock lock;

  private volatile @Nullable Cut running;
  private volatile boolean failed;

  /** Tombstones that are on disk and wait until no view needs them. */
  private final List<IntList> tombstones = new ArrayList<>();

  private long longestBurstNanos;
  private long bytesWritten;

  public CutWriter(Tiers tiers, int tasks, SpaceRegistry registry, Changes changes) {
    this.tiers = tiers;
    this.tasks = tasks;
    this.registry = registry;
    this.changes = changes;
    this.slabs = tiers.slabs();
    this.cold = tiers.cold();
    this.lock = tiers.lock();
  }

  public boolean running() {
    return running != null;
  }

  /** True when the last one could not be written. */
  public boolean failed() {
    return failed;
  }

  /** Generation of the cut being collected or written, or a generation above all. */
  public int runningGeneration() {
    Cut cut = running;
    return cut == null ? Integer.MAX_VALUE : cut.generation;
  }

  public long longestBurstNanos() {
    return longestBurstNanos;
  }

  public long bytesWritten() {
    return bytesWritten;
  }

  public Cut seal(CutMeta meta) {
    if (running != null) {
      throw new IllegalStateException("a checkpoint is running");
    }
    byte[] encoded = meta.encode();
    Collector collector = new Collector(slabs, tiers.seed(), registry.noTable());
    List<Space> dropped = registry.droppedOnDisk();
    int generation = changes.sealFor(collector);
    Cut cut = new Cut(generation, meta.position(), encoded, collector, dropped);
    running = cut;
    return cut;
  }

  public void write(Cut cut) {
    if (cut != running) {
      throw new IllegalStateException("not the sealed cut");
    }
    boolean done = false;
    try {
      if (cold.broken()) {
        reopen();
      }
      bytesWritten += writeBatch(cut);
      done = true;
    } finally {
      lock.acquire();
      try {
        finish(cut, done);
      } finally {
        lock.release();
      }
    }
  }

  private void reopen() {
    cold.reopen(changes.dirtyBytesInFlight());
    lock.acquire();
    try {
      tiers.views().giveUpAll();
    } finally {
      lock.release();
    }
  }

  private long writeBatch(Cut cut) {
    try (ColdBatch batch = cold.batch(changes.dirtyBytesInFlight())) {
      for (Space space : cut.dropped) {
        if (space.stored) {
          batch.deleteSpace(space, tasks);
        }
      }
      while (cut.collector.nextTable()) {
        collectTable(cut.collector, batch);
      }
      endCollecting(cut.collector, batch);
      batch.putMeta(cut.meta);
      return batch.write();
    }
  }

  /** Gives a sealed cut up; the next one contains it. */
  public void abandon(Cut cut) {
    if (cut == running) {
      finish(cut, false);
    }
  }

  private void collectTable(Collector collector, ColdBatch batch) {
    boolean more = true;
    while (more) {
      @Nullable Records overwritten;
      lock.acquire();
      long start = System.nanoTime();
      try {
        more = collector.burst(BURST_NANOS);
        overwritten = collector.takeOverwritten();
      } finally {
        longestBurstNanos = Math.max(longestBurstNanos, System.nanoTime() - start);
        lock.release();
      }
      batch.add(overwritten);
      batch.add(collector.collected());
    }
  }

  private void endCollecting(Collector collector, ColdBatch batch) {
    @Nullable Records overwritten;
    lock.acquire();
    try {
      changes.collected();
      overwritten = collector.takeOverwritten();
    } finally {
      lock.release();
    }
    batch.add(overwritten);
  }

  private void finish(Cut cut, boolean done) {
    running = null;
    failed = !done;
    if (!done) {
      changes.failed();
      return;
    }
    changes.durable(cut.generation);
    registry.deletedOnDisk(cut.dropped);
    if (cut.collector.tombstones().size() > 0) {
      tombstones.add(cut.collector.tombstones());
    }
  }

  /**
   * Frees tombstones that are of no use any more.
   *
   * @return true when there is nothing more to free now
   */
  public boolean reclaim(long deadlineNanos) {
    while (!tombstones.isEmpty()) {
      IntList list = tombstones.getFirst();
      while (list.size() > 0) {
        for (int i = 0; i < 64 && list.size() > 0; i++) {
          if (!free(list.last())) {
            return true;
          }
          list.removeLast();
        }
        if (System.nanoTime() >= deadlineNanos) {
          return false;
        }
      }
      tombstones.removeFirst();
    }
    return true;
  }

  /** Frees a tombstone; false when a view still needs it. */
  private boolean free(int handle) {
    if (!slabs.isLive(handle)) {
      return true;
    }
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int changedIn = Block.gen(a, b);
    if ((Block.meta(a, b) & Block.TOMBSTONE) == 0 || changedIn > changes.durable()) {
      return true;
    }
    if (!changes.evictable(changedIn)) {
      return false;
    }
    registry.table(Block.owner(a, b)).remove(Block.hash(a, b, tiers.seed()), handle);
    slabs.free(handle);
    return true;
  }
}
