package io.millrace.engine.internal.store.hot;

import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.state.HotPath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The resident entries of one space on one task: an extendible directory of {@link TableSegment}s,
 * so growth never costs more than rebuilding one segment. Segments stand in hash order.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class HashTable {
  private static final int SPLIT_AT = 2600;
  private static final int MAX_DEPTH = 20;

  /** Number of this table; blocks carry it as their owner. */
  public final int number;

  public final int task;
  public final Space space;

  private final Slabs slabs;
  private TableSegment[] directory;
  private int depth;
  private long bytes;
  private int freeing;
  private int freeingSlot;

  /** Entries that exist, in memory or on disk. */
  public long count;

  /** Changes of the present generation, or null when there are none. */
  @Nullable ChangeList changed;

  /** Names of the entries that exist on disk only; null when RocksDB has to be asked. */
  @Nullable ColdFilter filter;

  private long filterBytes;

  /** Entries that exist and are in memory. */
  long resident;

  HashTable(int number, int task, Space space, Slabs slabs) {
    this.number = number;
    this.task = task;
    this.space = space;
    this.slabs = slabs;
    this.directory = new TableSegment[] {new TableSegment(0, 0)};
    account(directory[0].bytes());
  }

  /** Number of entries that exist on disk only. */
  public long cold() {
    return count - resident;
  }

  /** True when an entry that is not in the table is certainly not on disk either. */
  public boolean surelyAbsent(long hash) {
    ColdFilter present = filter;
    return cold() == 0 || present != null && present.complete() && !present.mayContain(hash);
  }

  /** Handle of the entry or tombstone with this key, or 0. */
  public int find(byte[] key, int keyOffset, int keyLength, long hash) {
    TableSegment segment = segment(hash);
    long[] s = segment.slots;
    long probe = hash & TableSegment.TAG;
    int i = segment.home(hash);
    long slot = s[i];
    while (slot != 0 && Long.compareUnsigned(slot, probe) < 0) {
      slot = s[++i];
    }
    while (slot != 0 && (slot & TableSegment.TAG) == probe) {
      int handle = (int) slot;
      if (Block.keyEquals(slabs.array(handle), slabs.offset(handle), key, keyOffset, keyLength)) {
        return handle;
      }
      slot = s[++i];
    }
    return 0;
  }

  void add(long hash, int handle) {
    TableSegment segment = segment(hash);
    if (segment.full()) {
      segment = grow(segment, hash);
    }
    long before = segment.bytes();
    segment.add(slot(hash, handle));
    account(segment.bytes() - before);
  }

  public void remove(long hash, int handle) {
    TableSegment segment = segment(hash);
    segment.remove(slot(hash, handle));
    if (segment.sparse()) {
      long before = segment.bytes();
      segment.resize();
      account(segment.bytes() - before);
    }
  }

  /** Points the slot of an entry that moved to its new handle. */
  void move(long hash, int from, int to) {
    segment(hash).change(slot(hash, from), slot(hash, to));
  }

  /** The segment that holds a hash. */
  public TableSegment segment(long hash) {
    return directory[depth == 0 ? 0 : (int) (hash >>> 64 - depth)];
  }

  /** First hash behind the segment that holds {@code hash}, or 0 behind the last one. */
  public long nextSegment(long hash) {
    int d = segment(hash).depth;
    return d == 0 ? 0 : ((hash >>> 64 - d) + 1) << 64 - d;
  }

  /**
   * Frees the blocks of a dropped table, some at a time.
   *
   * @return true when nothing is left
   */
  boolean freeSome(int slots) {
    int left = slots;
    while (freeing < directory.length) {
      long[] s = directory[freeing].slots;
      while (freeingSlot < s.length && left > 0) {
        int handle = (int) s[freeingSlot++];
        if (handle != 0) {
          slabs.free(handle);
        }
        left--;
      }
      if (left == 0) {
        return false;
      }
      freeing += 1 << depth - directory[freeing].depth;
      freeingSlot = 0;
    }
    return true;
  }

  /** Gives the table's own memory back; it must not be used any more. */
  void release() {
    account(-bytes);
    filter = null;
    accountFilter();
    directory = new TableSegment[0];
  }

  /** Notes the size of the filter after it changed. */
  void accountFilter() {
    ColdFilter present = filter;
    long now = present == null ? 0 : present.bytes();
    if (now != filterBytes) {
      slabs.addFilterBytes(now - filterBytes);
      filterBytes = now;
    }
  }

  private void account(long delta) {
    bytes += delta;
    slabs.addSideBytes(delta);
  }

  /** What a segment holds for an entry. */
  static long slot(long hash, int handle) {
    return hash & TableSegment.TAG | handle & 0xFFFFFFFFL;
  }

  private TableSegment grow(TableSegment segment, long hash) {
    if (segment.used < SPLIT_AT || segment.depth == MAX_DEPTH) {
      long before = segment.bytes();
      segment.resize();
      account(segment.bytes() - before);
      return segment;
    }
    if (segment.depth == depth) {
      doubleDirectory();
    }
    TableSegment[] halves = segment.split();
    int run = 1 << depth - segment.depth;
    int first = (segment.depth == 0 ? 0 : (int) (hash >>> 64 - segment.depth)) * run;
    Arrays.fill(directory, first, first + run / 2, halves[0]);
    Arrays.fill(directory, first + run / 2, first + run, halves[1]);
    account(halves[0].bytes() + halves[1].bytes() - segment.bytes());
    return segment(hash);
  }

  private void doubleDirectory() {
    TableSegment[] old = directory;
    TableSegment[] wider = new TableSegment[old.length * 2];
    for (int i = 0; i < wider.length; i++) {
      wider[i] = old[i / 2];
    }
    account((wider.length - old.length) * 4L);
    directory = wider;
    depth++;
  }
}
