package io.millrace.engine.internal.store.hot;

import io.millrace.engine.internal.store.cold.Records;
import io.millrace.engine.state.HotPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the entries of a cut. Tables are taken one after another in RocksDB's order, and the
 * changes of a table in hash order: RocksDB takes a sorted batch at a small fraction of the price
 * of a random one. Entries are copied while the execution lock is held, either by the checkpoint's
 * bursts or by the writer that is about to change them.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class Collector {
  private static final int BURST = 16;

  private final Slabs slabs;
  private final long seed;
  private final List<ChangeList> lists = new ArrayList<>();
  private int durable;
  private int generation;

  private int nextList;
  private HashTable table;
  private long[] slots = new long[0];
  private int index;
  private int end;

  private final Records collected;
  private @Nullable Records overwritten;
  private long overwrittenBytes;
  private final IntList tombstones = new IntList();

  public Collector(Slabs slabs, long seed, HashTable noTable) {
    this.slabs = slabs;
    this.seed = seed;
    this.table = noTable;
    this.collected = new Records(seed);
  }

  void start(Iterable<ChangeList> sealedLists, int durableGeneration, int seal) {
    sealedLists.forEach(lists::add);
    durable = durableGeneration;
    generation = seal;
  }

  int generation() {
    return generation;
  }

  /** Records copied by bursts, to be drained after each. */
  public Records collected() {
    return collected;
  }

  /** Takes the records that writers have added since the last call; the lock must be held. */
  public @Nullable Records takeOverwritten() {
    Records taken = overwritten;
    overwritten = null;
    overwrittenBytes = 0;
    return taken;
  }

  /** Handles of the tombstones that were collected. */
  public IntList tombstones() {
    return tombstones;
  }

  /** An entry of the cut is about to change; the lock is held. */
  void overwriting(HashTable owner, byte[] a, int b) {
    if (owner.space.droppedBy(generation)) {
      return;
    }
    Records records = overwritten;
    if (records == null) {
      records = new Records(seed);
      overwritten = records;
    }
    copy(owner, a, b, records);
    overwrittenBytes += Block.size(a, b);
  }

  private static void copy(HashTable owner, byte[] a, int b, Records to) {
    int meta = Block.meta(a, b);
    int keyAt = b + Block.keyAt(meta);
    int keyLength = Block.keyLength(meta);
    if ((meta & Block.TOMBSTONE) != 0) {
      to.delete(owner.task, owner.space, a, keyAt, keyLength);
      return;
    }
    int valueLength = Block.valueLength(a, b);
    long expireAtMs = Block.expireAt(a, b, meta);
    to.put(owner.task, owner.space, a, keyAt, keyLength, valueLength, Block.kind(meta), expireAtMs);
  }

  /** Bytes of versions that writers have put aside and the checkpoint has not taken yet. */
  long overwrittenBytes() {
    return overwrittenBytes;
  }

  /**
   * Prepares the next table. Needs no lock: sealed lists do not change.
   *
   * @return false when there is none left
   */
  public boolean nextTable() {
    if (nextList == 0) {
      lists.sort(
          Comparator.<ChangeList>comparingInt(list -> list.table.space.family)
              .thenComparingInt(list -> list.table.task)
              .thenComparingInt(list -> list.table.space.id));
    }
    if (nextList == lists.size()) {
      return false;
    }
    int first = nextList;
    table = lists.get(first).table;
    int size = 0;
    while (nextList < lists.size() && lists.get(nextList).table == table) {
      size += lists.get(nextList++).size();
    }
    slots = new long[size];
    int to = 0;
    for (int i = first; i < nextList; i++) {
      to = lists.get(i).copyTo(slots, to);
    }
    for (int i = 0; i < size; i++) {
      slots[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(slots);
    index = 0;
    end = size;
    table.space.stored = true;
    return true;
  }

  /**
   * Collects from the prepared table for about {@code maxNanos}; the lock must be held.
   *
   * @return false when the table is done
   */
  public boolean burst(long maxNanos) {
    long deadline = System.nanoTime() + maxNanos;
    if (table.space.droppedBy(generation)) {
      index = end;
    }
    while (index < end) {
      for (int i = 0; i < BURST && index < end; i++) {
        int at = index++;
        if (at == 0 || slots[at] != slots[at - 1]) {
          collect((int) slots[at]);
        }
      }
      if (collected.pageFull() || System.nanoTime() >= deadline) {
        return index < end;
      }
    }
    return false;
  }

  private void collect(int handle) {
    if (!slabs.isLive(handle)) {
      return;
    }
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int changedIn = Block.gen(a, b);
    if (changedIn > generation || changedIn <= durable || Block.owner(a, b) != table.number) {
      return;
    }
    copy(table, a, b, collected);
    if ((Block.meta(a, b) & Block.TOMBSTONE) != 0) {
      tombstones.add(handle);
    }
  }
}
