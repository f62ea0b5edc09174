package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdCursor;
import io.millrace.engine.internal.store.cold.ColdEntries;
import io.millrace.engine.internal.store.hot.Block;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.internal.store.hot.HashTable;
import io.millrace.engine.internal.store.hot.Slabs;
import io.millrace.engine.internal.store.hot.TableSegment;
import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scan of a sealed view in hash order. Windows of the table are copied under the lock; a window
 * is a range of hashes, so the table may change its shape in between. Each window is merged with
 * the cold tier once any of it may be there only.
 */
@HotPath(benchmark = "StoreBenchmark")
final class SealedHashScan {
  private static final int WINDOW = 16;
  private static final int WINDOW_BYTES = 16 << 10;

  private final Tiers tiers;
  private final ExecutionLock lock;
  private final Slabs slabs;
  private final TaskView view;
  private final HashTable table;
  private final SealedView sealed;
  private final Ref ref = new Ref();

  private final List<Sealed> window = new ArrayList<>();
  private boolean askCold;
  private boolean last;
  private long windowEnd;
  private @Nullable ColdCursor cold;

  SealedHashScan(Tiers tiers, TaskView view, HashTable table, SealedView sealed) {
    this.tiers = tiers;
    this.lock = tiers.lock();
    this.slabs = tiers.slabs();
    this.view = view;
    this.table = table;
    this.sealed = sealed;
  }

  void run(long fromHash, long toHash, EntryVisitor visitor) {
    long from = fromHash;
    try {
      while (true) {
        lock.acquire();
        try {
          view.checkAge();
          collect(from, toHash);
        } finally {
          lock.release();
        }
        if (askCold && cold == null) {
          cold = tiers.cold().cursor(table.task, table.space, sealed.cold);
          if (cold != null) {
            cold.seek(from);
          }
        }
        if (!merge(fromHash, visitor) || last) {
          return;
        }
        from = windowEnd + 1;
      }
    } finally {
      if (cold != null) {
        cold.close();
      }
    }
  }

  /** Copies the entries from a hash on, some of them; the lock is held. */
  private void collect(long from, long to) {
    window.clear();
    askCold = table.cold() > 0;
    TableSegment segment = table.segment(from);
    long next = table.nextSegment(from);
    long end = next == 0 || Long.compareUnsigned(next - 1, to) > 0 ? to : next - 1;
    last = end == to;
    long[] slots = segment.slots;
    long probe = from & TableSegment.TAG;
    int bytes = 0;
    long tag = 0;
    for (int i = segment.home(probe); i < slots.length; i++) {
      long slot = slots[i];
      if (slot == 0 || Long.compareUnsigned(slot, probe) < 0) {
        continue;
      }
      long slotTag = slot & TableSegment.TAG;
      if (Long.compareUnsigned(slotTag, end) > 0) {
        break;
      }
      if (slotTag != tag && (window.size() >= WINDOW || bytes >= WINDOW_BYTES)) {
        end = tag | ~TableSegment.TAG;
        last = Long.compareUnsigned(end, to) >= 0;
        break;
      }
      tag = slotTag;
      bytes += add((int) slot, from, to);
    }
    windowEnd = last ? to : end;
    if (window.size() > 1) {
      window.sort(Sealed.BY_HASH);
    }
  }

  private int add(int handle, long from, long to) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int meta = Block.meta(a, b);
    int keyAt = b + Block.keyAt(meta);
    int keyLength = Block.keyLength(meta);
    long hash = Block.hash(a, b, tiers.seed());
    if (Long.compareUnsigned(hash, from) < 0 || Long.compareUnsigned(hash, to) > 0) {
      return 0;
    }
    byte[] block = view.visible(table, handle, a, keyAt, keyLength, hash, ref);
    if (block != null) {
      window.add(Sealed.of(hash, block));
      return block.length;
    }
    byte[] key = new byte[keyLength];
    System.arraycopy(a, keyAt, key, 0, keyLength);
    window.add(new Sealed(hash, key, 0, keyLength, null));
    askCold = true;
    return keyLength;
  }

  private boolean merge(long fromHash, EntryVisitor visitor) {
    for (Sealed entry : window) {
      if (!coldBefore(entry, visitor)) {
        return false;
      }
      if (entry.fill(ref, table.space.id) && !visitor.visit(ref)) {
        return false;
      }
    }
    return coldBefore(null, visitor);
  }

  /** Visits cold entries before an entry of the window (null: up to the window's end). */
  private boolean coldBefore(@Nullable Sealed entry, EntryVisitor visitor) {
    ColdCursor cursor = cold;
    if (cursor == null) {
      return true;
    }
    while (cursor.valid()) {
      int order = Long.compareUnsigned(cursor.hash(), entry == null ? windowEnd : entry.hash());
      if (order == 0 && entry != null) {
        order = -entry.compareKey(cursor);
      }
      if (order > 0) {
        return true;
      }
      boolean same = order == 0 && entry != null;
      boolean visible = order != 0 || entry == null || entry.block() == null;
      if (visible) {
        ColdEntries.fill(ref, table.space.id, cursor);
      }
      cursor.next();
      if (visible && !visitor.visit(ref)) {
        return false;
      }
      if (same) {
        return true;
      }
    }
    return true;
  }
}
