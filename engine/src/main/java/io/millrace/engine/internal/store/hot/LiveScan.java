package io.millrace.engine.internal.store.hot;

import io.millrace.engine.internal.store.cold.ColdCursor;
import io.millrace.engine.internal.store.cold.ColdEntries;
import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scan of the live state in hash order: the table's slots merged with the cold tier. */
final class LiveScan {
  private record Candidate(long hash, int handle) {}

  private final long seed;
  private final ColdTier tier;
  private final HashTable table;
  private final Slabs slabs;
  private final Ref ref = new Ref();
  private final List<Candidate> ties = new ArrayList<>();
  private final Comparator<Candidate> order;
  private @Nullable ColdCursor cold;

  LiveScan(long seed, ColdTier tier, Slabs slabs, HashTable table) {
    this.seed = seed;
    this.tier = tier;
    this.table = table;
    this.slabs = slabs;
    this.order =
        (x, y) -> x.hash != y.hash ? Long.compareUnsigned(x.hash, y.hash) : compareKeys(x, y);
  }

  void run(long fromHash, long toHash, EntryVisitor visitor) {
    if (table.space.order != SpaceOrder.HASH) {
      throw new IllegalArgumentException("space is not ordered by hash: space=" + table.space.id);
    }
    if (table.cold() > 0) {
      cold = tier.cursor(table.task, table.space, null);
    }
    try {
      if (cold != null) {
        cold.seek(fromHash);
      }
      if (hot(fromHash, toHash, visitor)) {
        coldBefore(toHash, null, visitor);
      }
    } finally {
      if (cold != null) {
        cold.close();
      }
    }
  }

  private boolean hot(long fromHash, long toHash, EntryVisitor visitor) {
    long from = fromHash;
    while (true) {
      TableSegment segment = table.segment(from);
      int start = from == fromHash ? segment.home(fromHash & TableSegment.TAG) : 0;
      if (!segment(segment, start, fromHash, toHash, visitor)) {
        return false;
      }
      from = table.nextSegment(from);
      if (from == 0 || Long.compareUnsigned(from, toHash) > 0) {
        return true;
      }
    }
  }

  private boolean segment(
      TableSegment segment, int start, long fromHash, long toHash, EntryVisitor visitor) {
    long[] slots = segment.slots;
    long fromTag = fromHash & TableSegment.TAG;
    long toTag = toHash | ~TableSegment.TAG;
    int i = start;
    while (i < slots.length) {
      long slot = slots[i];
      if (slot == 0 || Long.compareUnsigned(slot, fromTag) < 0) {
        i++;
        continue;
      }
      if (Long.compareUnsigned(slot, toTag) > 0) {
        return true;
      }
      ties.clear();
      long tag = slot & TableSegment.TAG;
      while (slots[i] != 0 && (slots[i] & TableSegment.TAG) == tag) {
        int handle = (int) slots[i++];
        ties.add(new Candidate(hash(handle), handle));
      }
      if (ties.size() > 1) {
        ties.sort(order);
      }
      for (Candidate candidate : ties) {
        if (within(candidate.hash, fromHash, toHash) && !emit(candidate, visitor)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean within(long hash, long from, long to) {
    return Long.compareUnsigned(hash, from) >= 0 && Long.compareUnsigned(hash, to) <= 0;
  }

  private long hash(int handle) {
    return Block.hash(slabs.array(handle), slabs.offset(handle), seed);
  }

  private int compareKeys(Candidate x, Candidate y) {
    byte[] a = slabs.array(x.handle);
    int b = slabs.offset(x.handle);
    byte[] c = slabs.array(y.handle);
    int d = slabs.offset(y.handle);
    int am = Block.meta(a, b);
    int cm = Block.meta(c, d);
    int ak = b + Block.keyAt(am);
    int ck = d + Block.keyAt(cm);
    return Arrays.compareUnsigned(a, ak, ak + Block.keyLength(am), c, ck, ck + Block.keyLength(cm));
  }

  private boolean emit(Candidate candidate, EntryVisitor visitor) {
    byte[] a = slabs.array(candidate.handle);
    int b = slabs.offset(candidate.handle);
    int meta = Block.meta(a, b);
    Block.fill(ref, table.space.id, candidate.hash, candidate.handle, a, b, meta);
    if (cold != null && !coldBefore(candidate.hash, ref, visitor)) {
      return false;
    }
    if ((meta & Block.TOMBSTONE) != 0) {
      return true;
    }
    Block.fill(ref, table.space.id, candidate.hash, candidate.handle, a, b, meta);
    return visitor.visit(ref);
  }

  /**
   * Visits the cold entries before a hot one, and passes over the cold version of the hot one.
   *
   * @param hot the hot entry, or null to visit all cold entries up to and including {@code hash}
   */
  private boolean coldBefore(long hash, @Nullable Ref hot, EntryVisitor visitor) {
    ColdCursor cursor = cold;
    if (cursor == null) {
      return true;
    }
    Ref out = hot == null ? ref : new Ref();
    while (cursor.valid()) {
      int order = Long.compareUnsigned(cursor.hash(), hash);
      if (order == 0 && hot != null) {
        order = cursor.compareKey(hot.array, hot.keyOffset, hot.keyLength);
        if (order == 0) {
          cursor.next();
          return true;
        }
      }
      if (order > 0) {
        return true;
      }
      ColdEntries.fill(out, table.space.id, cursor);
      cursor.next();
      if (!visitor.visit(out)) {
        return false;
      }
    }
    return true;
  }
}
