package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdCursor;
import io.millrace.engine.internal.store.cold.ColdEntries;
import io.millrace.engine.internal.store.hot.Block;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.internal.store.hot.HashTable;
import io.millrace.engine.internal.store.hot.Slabs;
import io.millrace.engine.internal.store.hot.TableSegment;
import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scan of a sealed view in key order. The table has no key order, so what the view's RocksDB
 * snapshot lacks is copied out first, a few slots per hold of the lock, and sorted.
 */
final class SealedKeyScan {
  private static final int SLOTS = 32;

  private final Tiers tiers;
  private final ExecutionLock lock;
  private final Slabs slabs;
  private final TaskView view;
  private final HashTable table;
  private final SealedView sealed;
  private final List<Sealed> newer = new ArrayList<>();
  private final Ref ref = new Ref();

  SealedKeyScan(Tiers tiers, TaskView view, HashTable table, SealedView sealed) {
    this.tiers = tiers;
    this.lock = tiers.lock();
    this.slabs = tiers.slabs();
    this.view = view;
    this.table = table;
    this.sealed = sealed;
  }

  void run(long fromHash, long toHash, EntryVisitor visitor) {
    boolean more = true;
    long from = 0;
    while (more) {
      lock.acquire();
      try {
        view.checkAge();
        from = collect(from);
        more = from != 0;
      } finally {
        lock.release();
      }
    }
    newer.sort(Sealed.BY_KEY);
    try (ColdCursor cold = tiers.cold().cursor(table.task, table.space, sealed.cold)) {
      if (cold != null) {
        cold.seek(0);
      }
      merge(cold, fromHash, toHash, visitor);
    }
  }

  /** Copies what some slots hold beyond the cold tier; returns the hash to go on from, or 0. */
  private long collect(long from) {
    TableSegment segment = table.segment(from);
    long[] slots = segment.slots;
    long probe = from & TableSegment.TAG;
    int visited = 0;
    long tag = 0;
    for (int i = segment.home(probe); i < slots.length; i++) {
      long slot = slots[i];
      if (slot == 0 || Long.compareUnsigned(slot, probe) < 0) {
        continue;
      }
      long slotTag = slot & TableSegment.TAG;
      if (slotTag != tag && visited >= SLOTS) {
        return slotTag;
      }
      tag = slotTag;
      visited++;
      add((int) slot);
    }
    return table.nextSegment(from);
  }

  private void add(int handle) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    if (Block.gen(a, b) <= sealed.view.coldGeneration) {
      return;
    }
    int meta = Block.meta(a, b);
    int keyAt = b + Block.keyAt(meta);
    int keyLength = Block.keyLength(meta);
    long hash = Block.hash(a, b, tiers.seed());
    byte[] block = view.visible(table, handle, a, keyAt, keyLength, hash, ref);
    if (block != null) {
      newer.add(Sealed.of(hash, block));
    }
  }

  private void merge(@Nullable ColdCursor cold, long fromHash, long toHash, EntryVisitor visitor) {
    int next = 0;
    while (next < newer.size() || cold != null && cold.valid()) {
      int order = order(cold, next);
      boolean visible;
      if (order <= 0) {
        visible = newer.get(next++).fill(ref, table.space.id);
        if (order == 0 && cold != null) {
          cold.next();
        }
      } else {
        visible = fillCold(cold);
      }
      if (visible && within(ref.hash, fromHash, toHash) && !visitor.visit(ref)) {
        return;
      }
    }
  }

  /** Negative when the next newer entry comes first, positive when the cold one does. */
  private int order(@Nullable ColdCursor cold, int next) {
    if (cold == null || !cold.valid()) {
      return -1;
    }
    return next == newer.size() ? 1 : newer.get(next).compareKey(cold);
  }

  private boolean fillCold(@Nullable ColdCursor cold) {
    if (cold == null) {
      return false;
    }
    ColdEntries.fill(ref, table.space.id, cold);
    ref.hash = KeyHash.hash(ref.array, ref.keyOffset, ref.keyLength, tiers.seed());
    cold.next();
    return true;
  }

  private static boolean within(long hash, long from, long to) {
    return Long.compareUnsigned(hash, from) >= 0 && Long.compareUnsigned(hash, to) <= 0;
  }
}
