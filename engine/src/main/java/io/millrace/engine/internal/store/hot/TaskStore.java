package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The live entries of one task: lookups and changes over its tables. */
@HotPath(benchmark = "StoreBenchmark")
public final class TaskStore implements TaskState {
  private static final int SLOT_SHARE = 11;
  private static final int SAMPLE_PROBES = 16;

  private final int task;
  private final long seed;
  private final SpaceRegistry registry;
  private final Residency residency;
  private final Slabs slabs;
  private final Changes changes;
  private final UndoLog undo;
  private final AccessClock clock;

  private @Nullable HashTable[] tables = new @Nullable HashTable[16];
  private HashTable lastTable;
  private long nextId = 1;

  /** The next of {@link #newId}; 0 until it is {@link #startIds started}. */
  private long newId;

  private long lastPosition;

  public TaskStore(
      int task,
      long seed,
      SpaceRegistry registry,
      Residency residency,
      Slabs slabs,
      Changes changes,
      UndoLog undo,
      AccessClock clock) {
    this.task = task;
    this.seed = seed;
    this.registry = registry;
    this.residency = residency;
    this.slabs = slabs;
    this.changes = changes;
    this.undo = undo;
    this.clock = clock;
    this.lastTable = registry.noTable();
  }

  @Override
  public int taskId() {
    return task;
  }

  @Override
  public long hashSeed() {
    return seed;
  }

  /** The table of a space in use, or null when it has never had entries here. */
  @Nullable HashTable table(int space) {
    if (lastTable.space.id == space) {
      return lastTable;
    }
    HashTable table = space < tables.length && space >= 0 ? tables[space] : null;
    if (table != null) {
      lastTable = table;
    }
    return table;
  }

  /** The table of a space in use; made when missing. */
  HashTable tableToChange(int space) {
    HashTable table = table(space);
    if (table == null) {
      table = registry.newTable(task, space);
    }
    return table;
  }

  void attach(HashTable table) {
    int space = table.space.id;
    if (space >= tables.length) {
      tables = Arrays.copyOf(tables, Math.max(space + 1, tables.length * 2));
    }
    tables[space] = table;
  }

  /** Takes the table of a dropped space out of sight. */
  void detach(int space) {
    if (space < tables.length) {
      tables[space] = null;
    }
    lastTable = registry.noTable();
  }

  @Override
  public boolean find(int space, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    HashTable table = table(space);
    if (table == null) {
      return false;
    }
    int handle = table.find(key, keyOffset, keyLength, hash);
    if (handle == 0) {
      if (table.cold() == 0) {
        return false;
      }
      if (changes.readingThrough()) {
        return residency.readThrough(table, key, keyOffset, keyLength, hash, out);
      }
      handle = residency.load(table, key, keyOffset, keyLength, hash);
      if (handle == 0) {
        return false;
      }
    }
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int meta = Block.meta(a, b);
    if ((meta & Block.REFERENCED) == 0) {
      meta |= Block.REFERENCED;
      Block.meta(a, b, meta);
    }
    if ((meta & Block.TOMBSTONE) != 0) {
      return false;
    }
    Block.fill(out, space, hash, handle, a, b, meta);
    return true;
  }

  private void fill(Ref out, int space, long hash, int handle) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    Block.fill(out, space, hash, handle, a, b, Block.meta(a, b));
  }

  @Override
  public long count(int space) {
    HashTable table = table(space);
    return table == null ? 0 : table.count;
  }

  @Override
  public boolean mostlyCold(int space) {
    HashTable table = table(space);
    return table != null && table.cold() > table.count >> 2;
  }

  @Override
  public boolean put(
      int space,
      byte[] key,
      int keyOffset,
      int keyLength,
      long hash,
      int kind,
      long expireAtMs,
      byte[] value,
      int valueOffset,
      int valueLength,
      @Nullable Ref out) {
    HashTable table = tableToChange(space);
    int handle = table.find(key, keyOffset, keyLength, hash);
    if (handle == 0 && table.cold() > 0) {
      handle = residency.load(table, key, keyOffset, keyLength, hash);
    }
    boolean isNew;
    if (handle == 0) {
      isNew = true;
      handle = create(table, key, keyOffset, keyLength, hash, kind, expireAtMs, valueLength);
      System.arraycopy(value, valueOffset, slabs.array(handle), valueAt(handle), valueLength);
    } else {
      byte[] a = slabs.array(handle);
      isNew = (Block.meta(a, slabs.offset(handle)) & Block.TOMBSTONE) != 0;
      handle = rewrite(table, handle, hash, kind, expireAtMs, value, valueOffset, valueLength);
    }
    if (isNew) {
      table.count++;
      table.resident++;
    }
    if (out != null) {
      fill(out, space, hash, handle);
    }
    return isNew;
  }

  private int create(
      HashTable table,
      byte[] key,
      int keyOffset,
      int keyLength,
      long hash,
      int kind,
      long expireAtMs,
      int valueLength) {
    changes.mayChange();
    if (keyLength > Block.MAX_KEY) {
      throw new IllegalArgumentException("key too long: length=" + keyLength);
    }
    int keyAt = expireAtMs == 0 ? Block.HEADER : Block.HEADER + 8;
    int handle = slabs.allocate(Math.addExact(keyAt + keyLength, valueLength));
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    boolean listed = changes.listed(table, a, b);
    Block.clock(a, b, clock.seconds());
    Block.valueLength(a, b, valueLength);
    int flags = Block.REFERENCED | (expireAtMs == 0 ? 0 : Block.EXPIRES);
    Block.meta(a, b, keyLength | flags | kind << Block.KIND_SHIFT);
    Block.owner(a, b, table.number);
    if (expireAtMs != 0) {
      Block.expireAt(a, b, expireAtMs);
    }
    System.arraycopy(key, keyOffset, a, b + keyAt, keyLength);
    table.add(hash, handle);
    changes.created(table, hash, handle, a, b, listed);
    undo.created(handle, a, b);
    return handle;
  }

  private int valueAt(int handle) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int meta = Block.meta(a, b);
    return b + Block.keyAt(meta) + Block.keyLength(meta);
  }

  /** Must precede each change of an existing entry. */
  private void change(HashTable table, long hash, int handle, byte[] a, int b) {
    changes.before(table, hash, handle, a, b);
    undo.changing(handle, a, b);
  }

  /** Gives an existing entry or tombstone new content; returns its handle. */
  private int rewrite(
      HashTable table,
      int handle,
      long hash,
      int kind,
      long expireAtMs,
      byte[] value,
      int valueOffset,
      int valueLength) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    change(table, hash, handle, a, b);
    int oldMeta = Block.meta(a, b);
    int keyLength = Block.keyLength(oldMeta);
    int keep = oldMeta & Block.COLD | Block.REFERENCED | keyLength;
    int meta = keep | kind << Block.KIND_SHIFT | (expireAtMs == 0 ? 0 : Block.EXPIRES);
    int need = Math.addExact(Block.keyAt(meta) + keyLength, valueLength);
    int size = slabs.blockBytes(handle);
    int to = handle;
    byte[] ta = a;
    int tb = b;
    if (need > size || wasteful(need, size)) {
      to = slabs.allocate(need);
      ta = slabs.array(to);
      tb = slabs.offset(to);
    } else if (value == a && meta != oldMeta) {
      value = Arrays.copyOfRange(value, valueOffset, valueOffset + valueLength);
      valueOffset = 0;
    }
    boolean listed = changes.listed(table, ta, tb);
    int keyAt = tb + Block.keyAt(meta);
    System.arraycopy(a, b + Block.keyAt(oldMeta), ta, keyAt, keyLength);
    System.arraycopy(value, valueOffset, ta, keyAt + keyLength, valueLength);
    Block.valueLength(ta, tb, valueLength);
    Block.meta(ta, tb, meta);
    if (expireAtMs != 0) {
      Block.expireAt(ta, tb, expireAtMs);
    }
    if (to != handle) {
      relocate(table, hash, handle, to, listed);
    }
    return to;
  }

  private static boolean wasteful(int need, int size) {
    return size > 96 && need < size / 2;
  }

  /** Finishes the move of an entry whose key and value have been copied. */
  private void relocate(HashTable table, long hash, int from, int to, boolean listed) {
    byte[] a = slabs.array(from);
    int b = slabs.offset(from);
    byte[] ta = slabs.array(to);
    int tb = slabs.offset(to);
    Block.gen(ta, tb, Block.gen(a, b));
    Block.clock(ta, tb, Block.clock(a, b));
    Block.owner(ta, tb, table.number);
    table.move(hash, from, to);
    changes.moved(table, hash, from, to, listed);
    undo.moved(from, to);
    slabs.free(from);
  }

  private HashTable owner(Ref ref) {
    return registry.table(Block.owner(slabs.array(ref.handle), slabs.offset(ref.handle)));
  }

  @Override
  public void replace(
      Ref ref, int kind, long expireAtMs, byte[] value, int valueOffset, int valueLength) {
    int handle =
        rewrite(
            owner(ref), ref.handle, ref.hash, kind, expireAtMs, value, valueOffset, valueLength);
    fill(ref, ref.space, ref.hash, handle);
  }

  @Override
  public void edit(Ref ref) {
    change(owner(ref), ref.hash, ref.handle, slabs.array(ref.handle), slabs.offset(ref.handle));
  }

  @Override
  public void resize(Ref ref, int newLength) {
    int handle = ref.handle;
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    HashTable table = owner(ref);
    change(table, ref.hash, handle, a, b);
    int head = ref.offset - b;
    int need = Math.addExact(head, newLength);
    int size = slabs.blockBytes(handle);
    if (need <= size && !wasteful(need, size)) {
      Block.valueLength(a, b, newLength);
      ref.length = newLength;
      return;
    }
    int room = need > size ? (int) Math.min(need + (need >>> 2) + 0L, Integer.MAX_VALUE) : need;
    int to = slabs.allocate(Math.max(room, need));
    byte[] ta = slabs.array(to);
    int tb = slabs.offset(to);
    boolean listed = changes.listed(table, ta, tb);
    int copied = head + Math.min(ref.length, newLength) - Block.HEADER;
    System.arraycopy(a, b + Block.HEADER, ta, tb + Block.HEADER, copied);
    Block.valueLength(ta, tb, newLength);
    Block.meta(ta, tb, Block.meta(a, b));
    relocate(table, ref.hash, handle, to, listed);
    fill(ref, ref.space, ref.hash, to);
  }

  @Override
  public void splice(Ref ref, int at, int delta) {
    int length = ref.length;
    if (at < 0 || at > length || at - delta > length && delta < 0) {
      throw new IndexOutOfBoundsException("at=" + at + " delta=" + delta + " length=" + length);
    }
    if (delta < 0) {
      edit(ref);
      int tail = at - delta;
      System.arraycopy(ref.array, ref.offset + tail, ref.array, ref.offset + at, length - tail);
      resize(ref, length + delta);
    } else {
      resize(ref, Math.addExact(length, delta));
      System.arraycopy(ref.array, ref.offset + at, ref.array, ref.offset + at + delta, length - at);
    }
  }

  @Override
  public void expireAt(Ref ref, long expireAtMs) {
    if (ref.expireAtMs == expireAtMs) {
      return;
    }
    if (ref.expireAtMs != 0 && expireAtMs != 0) {
      edit(ref);
      Block.expireAt(ref.array, slabs.offset(ref.handle), expireAtMs);
      ref.expireAtMs = expireAtMs;
    } else {
      replace(ref, ref.kind, expireAtMs, ref.array, ref.offset, ref.length);
    }
  }

  @Override
  public void kind(Ref ref, int kind) {
    edit(ref);
    int b = slabs.offset(ref.handle);
    int meta = Block.meta(ref.array, b) & (1 << Block.KIND_SHIFT) - 1;
    Block.meta(ref.array, b, meta | kind << Block.KIND_SHIFT);
    ref.kind = kind;
  }

  @Override
  public void remove(Ref ref) {
    int handle = ref.handle;
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    HashTable table = owner(ref);
    int changedIn = Block.gen(a, b);
    change(table, ref.hash, handle, a, b);
    table.count--;
    table.resident--;
    if (changes.needsTombstone(a, b, changedIn, ref.hash)) {
      bury(table, ref.hash, handle);
    } else {
      table.remove(ref.hash, handle);
      undo.freed(handle);
      slabs.free(handle);
    }
    ref.handle = 0;
  }

  /** Turns an entry into a tombstone, in a block of the size a tombstone needs. */
  private void bury(HashTable table, long hash, int handle) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int meta = Block.meta(a, b);
    int keyLength = Block.keyLength(meta);
    int buried = keyLength | meta & Block.COLD | Block.TOMBSTONE;
    int need = Block.HEADER + keyLength;
    if (Slabs.roundUp(need) == slabs.blockBytes(handle)) {
      System.arraycopy(a, b + Block.keyAt(meta), a, b + Block.HEADER, keyLength);
      Block.meta(a, b, buried);
      Block.valueLength(a, b, 0);
      return;
    }
    int to = slabs.allocate(need);
    byte[] ta = slabs.array(to);
    int tb = slabs.offset(to);
    boolean listed = changes.listed(table, ta, tb);
    System.arraycopy(a, b + Block.keyAt(meta), ta, tb + Block.HEADER, keyLength);
    Block.meta(ta, tb, buried);
    Block.valueLength(ta, tb, 0);
    relocate(table, hash, handle, to, listed);
  }

  @Override
  public long nextId() {
    changes.mayChange();
    undo.nextId(task, nextId);
    return nextId++;
  }

  @Override
  public long newId() {
    if (!undo.active()) {
      changes.mutated(true);
    }
    if (newId == 0) {
      return nextId();
    }
    changes.mayChange();
    undo.newId(task, newId);
    return newId++;
  }

  /** From now on {@link #newId} counts by itself, from this number on or a higher one it is at. */
  public void startIds(long first) {
    changes.mayChange();
    undo.newId(task, newId);
    newId = Math.max(newId, first);
  }

  /** The next of {@link #newId}, or 0 while it takes those of {@link #nextId}. */
  public long peekNewId() {
    return newId;
  }

  public void setNewId(long value) {
    newId = value;
  }

  public long peekNextId() {
    return nextId;
  }

  public void setNextId(long value) {
    nextId = value;
  }

  @Override
  public long lastPosition() {
    return lastPosition;
  }

  public void lastPosition(long position) {
    lastPosition = position;
  }

  @Override
  public void scan(int space, long fromHash, long toHash, EntryVisitor visitor) {
    HashTable table = table(space);
    if (table != null && table.count > 0) {
      new LiveScan(seed, residency.cold(), slabs, table).run(fromHash, toHash, visitor);
    }
  }

  @Override
  public boolean sample(int space, long random, Ref out) {
    HashTable table = table(space);
    if (table == null || table.resident == 0) {
      return false;
    }
    long hash = random;
    for (int probe = 0; probe < SAMPLE_PROBES; probe++) {
      TableSegment segment = table.segment(hash);
      int start = segment.home(hash);
      for (int i = start; i < Math.min(start + 64, segment.slots.length); i++) {
        int handle = (int) segment.slots[i];
        if (handle != 0 && sampled(table, handle, out)) {
          return true;
        }
      }
      hash = hash * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    }
    return false;
  }

  private boolean sampled(HashTable table, int handle, Ref out) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int meta = Block.meta(a, b);
    if ((meta & Block.TOMBSTONE) != 0) {
      return false;
    }
    Block.fill(out, table.space.id, Block.hash(a, b, seed), handle, a, b, meta);
    return true;
  }

  @Override
  public int lastAccess(Ref ref) {
    return Block.clock(slabs.array(ref.handle), slabs.offset(ref.handle));
  }

  @Override
  public void touch(Ref ref, int clock) {
    Block.clock(slabs.array(ref.handle), slabs.offset(ref.handle), clock);
  }

  @Override
  public int footprint(Ref ref) {
    return slabs.blockBytes(ref.handle) + SLOT_SHARE;
  }
}
