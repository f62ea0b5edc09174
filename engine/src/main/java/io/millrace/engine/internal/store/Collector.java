package io.millrace.engine.internal.store;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.SpaceOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the entries of a cut as the records of one RocksDB write batch, in RocksDB's own batch
 * representation: a JNI call per record costs several times as much. Entries are copied while the
 * execution lock is held, either by the checkpoint's bursts or by the writer that is about to
 * change them.
 */
@HotPath(benchmark = "CheckpointBenchmark")
final class Collector {
  private static final int PAGE = 1 << 20;
  private static final int BATCH_HEADER = 12;
  private static final byte DELETE = 0x4;
  private static final byte PUT = 0x5;
  private static final byte DELETE_RANGE = 0xE;
  private static final int BURST = 32;

  private final Registry tables;
  private final Slabs slabs;
  private final long seed;
  private final int[] columnFamilyOf;

  private List<HandleList> lists = List.of();
  private int generation;
  private int list;
  private int page;
  private int index;

  private final List<byte[]> pages = new ArrayList<>();
  private final List<Integer> pageLengths = new ArrayList<>();
  private byte[] buffer = new byte[PAGE];
  private int at = BATCH_HEADER;
  private long bytes;
  private int records;
  private final HandleList tombstones = new HandleList(0);

  /**
   * Creates a collector.
   *
   * @param columnFamilyOf RocksDB's number of the column family of each family id
   */
  Collector(Registry tables, Slabs slabs, long seed, int[] columnFamilyOf) {
    this.tables = tables;
    this.slabs = slabs;
    this.seed = seed;
    this.columnFamilyOf = columnFamilyOf;
  }

  void start(List<HandleList> sealedLists, int seal) {
    lists = sealedLists;
    generation = seal;
  }

  int generation() {
    return generation;
  }

  int records() {
    return records;
  }

  long bytes() {
    return bytes + at;
  }

  /** Handles of the tombstones that were collected. */
  HandleList tombstones() {
    return tombstones;
  }

  /**
   * Collects for about {@code maxNanos}; the lock must be held.
   *
   * @return false when everything has been collected
   */
  boolean burst(long maxNanos) {
    long end = System.nanoTime() + maxNanos;
    do {
      for (int i = 0; i < BURST; i++) {
        if (!step()) {
          return false;
        }
      }
    } while (System.nanoTime() < end);
    return true;
  }

  private boolean step() {
    while (list < lists.size()) {
      HandleList handles = lists.get(list);
      if (page < handles.pages()) {
        if (index < handles.sizeOf(page)) {
          collect(handles.page(page)[index++], handles.generation);
          return true;
        }
        page++;
        index = 0;
      } else {
        list++;
        page = 0;
      }
    }
    return false;
  }

  private void collect(int handle, int changedIn) {
    if (!slabs.isLive(handle)) {
      return;
    }
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    if (Block.gen(a, b) == changedIn) {
      add(a, b);
      if ((Block.meta(a, b) & Block.TOMBSTONE) != 0) {
        tombstones.add(handle);
      }
    }
  }

  /** Adds the present version of an entry. */
  void add(byte[] a, int b) {
    Table table = tables.table(Block.owner(a, b));
    Space space = table.space;
    if (space.droppedIn <= generation) {
      return;
    }
    int meta = Block.meta(a, b);
    int keyLength = Block.keyLength(meta);
    int keyAt = b + Block.keyAt(meta);
    int coldKey = ColdKeys.prefixLength(space.order) + keyLength;
    boolean delete = (meta & Block.TOMBSTONE) != 0;
    boolean deadline = (meta & Block.EXPIRES) != 0;
    int valueLength = Block.valueLength(a, b);
    int coldValue = delete ? 0 : (deadline ? 10 : 2) + valueLength;
    reserve(coldKey + coldValue + 16);
    buffer[at++] = delete ? DELETE : PUT;
    varint(columnFamilyOf[space.family]);
    varint(coldKey);
    long hash = space.order == SpaceOrder.HASH ? KeyHash.hash(a, keyAt, keyLength, seed) : 0;
    at = ColdKeys.putPrefix(buffer, at, table.task, space, hash);
    System.arraycopy(a, keyAt, buffer, at, keyLength);
    at += keyLength;
    if (!delete) {
      varint(coldValue);
      buffer[at++] = ColdKeys.VALUE_VERSION;
      buffer[at++] = (byte) (Block.kind(meta) | (deadline ? ColdKeys.HAS_DEADLINE : 0));
      if (deadline) {
        ColdKeys.putDeadline(buffer, at, Block.expireAt(a, b, meta));
        at += 8;
      }
      System.arraycopy(a, keyAt + keyLength, buffer, at, valueLength);
      at += valueLength;
    }
    records++;
  }

  /** Adds a record for a space that was dropped: nothing of it remains on the task. */
  void deleteRange(int family, byte[] from, byte[] to) {
    reserve(from.length + to.length + 16);
    buffer[at++] = DELETE_RANGE;
    varint(columnFamilyOf[family]);
    bytes(from);
    bytes(to);
    records++;
  }

  /** Adds a plain record. */
  void put(int columnFamily, byte[] key, byte[] value) {
    reserve(key.length + value.length + 16);
    buffer[at++] = PUT;
    varint(columnFamily);
    bytes(key);
    bytes(value);
    records++;
  }

  /** The batch in RocksDB's representation. */
  byte[] batch() {
    closePage();
    byte[] all = new byte[Math.toIntExact(bytes)];
    int to = 0;
    for (int i = 0; i < pages.size(); i++) {
      int length = pageLengths.get(i);
      System.arraycopy(pages.get(i), 0, all, to, length);
      to += length;
    }
    all[8] = (byte) records;
    all[9] = (byte) (records >>> 8);
    all[10] = (byte) (records >>> 16);
    all[11] = (byte) (records >>> 24);
    return all;
  }

  private void reserve(int room) {
    if (buffer.length - at < room) {
      closePage();
      buffer = new byte[Math.max(PAGE, room)];
      at = 0;
    }
  }

  private void closePage() {
    pages.add(buffer);
    pageLengths.add(at);
    bytes += at;
    at = 0;
  }

  private void bytes(byte[] source) {
    varint(source.length);
    System.arraycopy(source, 0, buffer, at, source.length);
    at += source.length;
  }

  private void varint(int value) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      buffer[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[at++] = (byte) rest;
  }
}
