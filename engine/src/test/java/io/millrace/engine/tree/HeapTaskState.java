package io.millrace.engine.tree;

import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Task state on plain heap objects, for tests. Strict: moved values leave poison behind, growth
 * shows garbage, in-place changes that were not announced are found by {@link #seal}, and with
 * {@link #evictAll} every entry faults once.
 */
public final class HeapTaskState implements TaskState {
  private static final long HASH_SEED = 42;
  private static final byte POISON = (byte) 0xEE;
  private static final int SLACK = 24;

  private final int taskId;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Map<EntryKey, Entry> entries = new HashMap<>();
  private final Map<Integer, Entry> byHandle = new HashMap<>();
  private int nextHandle = 1;
  private long nextId = 1;
  private long newId = 1;
  private long lastPosition;
  private boolean mutated;
  private boolean mostlyCold;
  private int faults;

  /** Creates the empty state of a task. */
  public HeapTaskState(int taskId) {
    this.taskId = taskId;
  }

  private record EntryKey(int space, String key) {}

  private static final class Entry {
    final int handle;
    final EntryKey id;
    final byte[] key;
    final long hash;
    byte[] array = new byte[0];
    int offset;
    int length;
    int kind;
    long expireAtMs;
    int access;
    boolean resident = true;
    byte @Nullable [] sealed;

    Entry(int handle, EntryKey id, byte[] key, long hash) {
      this.handle = handle;
      this.id = id;
      this.key = key;
      this.hash = hash;
    }

    byte[] value() {
      return Arrays.copyOfRange(array, offset, offset + length);
    }
  }

  /** Ends an execution: what follows may fault again, and all changes must have been announced. */
  public void seal() {
    mutated = false;
    for (Entry entry : entries.values()) {
      if (entry.sealed != null && !Arrays.equals(entry.sealed, entry.value())) {
        throw new AssertionError("entry changed without announcement: " + entry.id);
      }
      entry.sealed = entry.value();
    }
  }

  /** Makes all entries non-resident: each find of one throws once, unless something has changed. */
  public void evictAll() {
    entries.values().forEach(entry -> entry.resident = false);
  }

  /** Sets what {@link #mostlyCold(int)} answers. */
  public void mostlyCold(boolean value) {
    mostlyCold = value;
  }

  @Override
  public boolean mostlyCold(int space) {
    return mostlyCold;
  }

  /** How often {@link #find} threw. */
  public int faults() {
    return faults;
  }

  /** Sets what {@link #lastPosition} returns. */
  public void lastPosition(long position) {
    lastPosition = position;
  }

  /** Number of entries in all spaces. */
  public int entries() {
    return entries.size();
  }

  @Override
  public int taskId() {
    return taskId;
  }

  @Override
  public long hashSeed() {
    return HASH_SEED;
  }

  @Override
  public boolean find(int space, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    Entry entry = entries.get(id(space, key, keyOffset, keyLength));
    if (entry == null) {
      return false;
    }
    if (entry.hash != hash) {
      throw new AssertionError("hash differs from the stored one: " + entry.id);
    }
    if (!entry.resident) {
      entry.resident = true;
      if (!mutated) {
        faults++;
        throw new NotResidentException(taskId, space, entry.key, hash);
      }
    }
    fill(entry, out);
    return true;
  }

  @Override
  public long count(int space) {
    return entries.keySet().stream().filter(id -> id.space == space).count();
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
    mutated = true;
    EntryKey id = id(space, key, keyOffset, keyLength);
    Entry entry = entries.get(id);
    boolean fresh = entry == null;
    byte[] copy = Arrays.copyOfRange(value, valueOffset, valueOffset + valueLength);
    if (entry == null) {
      byte[] keyCopy = Arrays.copyOfRange(key, keyOffset, keyOffset + keyLength);
      entry = new Entry(nextHandle++, id, keyCopy, hash);
      entries.put(id, entry);
      byHandle.put(entry.handle, entry);
    }
    move(entry, copy.length);
    System.arraycopy(copy, 0, entry.array, entry.offset, copy.length);
    entry.kind = kind;
    entry.expireAtMs = expireAtMs;
    if (out != null) {
      fill(entry, out);
    }
    return fresh;
  }

  @Override
  public void replace(
      Ref ref, int kind, long expireAtMs, byte[] value, int valueOffset, int valueLength) {
    Entry entry = changed(ref);
    byte[] copy = Arrays.copyOfRange(value, valueOffset, valueOffset + valueLength);
    move(entry, copy.length);
    System.arraycopy(copy, 0, entry.array, entry.offset, copy.length);
    entry.kind = kind;
    entry.expireAtMs = expireAtMs;
    fill(entry, ref);
  }

  @Override
  public void edit(Ref ref) {
    changed(ref);
  }

  @Override
  public void resize(Ref ref, int newLength) {
    Entry entry = changed(ref);
    move(entry, newLength);
    fill(entry, ref);
  }

  @Override
  public void splice(Ref ref, int at, int delta) {
    int length = ref.length;
    if (delta < 0) {
      edit(ref);
      int from = ref.offset + at;
      System.arraycopy(ref.array, from - delta, ref.array, from, length - at + delta);
    }
    resize(ref, length + delta);
    if (delta > 0) {
      int from = ref.offset + at;
      System.arraycopy(ref.array, from, ref.array, from + delta, length - at);
    }
  }

  @Override
  public void expireAt(Ref ref, long expireAtMs) {
    Entry entry = changed(ref);
    entry.expireAtMs = expireAtMs;
    fill(entry, ref);
  }

  @Override
  public void kind(Ref ref, int kind) {
    changed(ref).kind = kind;
    ref.kind = kind;
  }

  @Override
  public void remove(Ref ref) {
    Entry entry = changed(ref);
    entries.remove(entry.id);
    byHandle.remove(entry.handle);
    Arrays.fill(entry.array, POISON);
    ref.handle = 0;
  }

  @Override
  public long nextId() {
    mutated = true;
    return nextId++;
  }

  @Override
  public long newId() {
    mutated = true;
    return newId++;
  }

  @Override
  public void scan(int space, long fromHash, long toHash, EntryVisitor visitor) {
    List<Entry> chosen = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.id.space == space
          && Long.compareUnsigned(entry.hash, fromHash) >= 0
          && Long.compareUnsigned(entry.hash, toHash) <= 0) {
        chosen.add(entry);
      }
    }
    chosen.sort(
        Comparator.<Entry>comparingLong(entry -> entry.hash ^ Long.MIN_VALUE)
            .thenComparing(entry -> entry.key, Arrays::compareUnsigned));
    var ref = new Ref();
    for (Entry entry : chosen) {
      fill(entry, ref);
      if (!visitor.visit(ref)) {
        return;
      }
    }
  }

  @Override
  public boolean sample(int space, long random, Ref out) {
    List<Entry> chosen = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.id.space == space) {
        chosen.add(entry);
      }
    }
    if (chosen.isEmpty()) {
      return false;
    }
    fill(chosen.get((int) Long.remainderUnsigned(random, chosen.size())), out);
    return true;
  }

  @Override
  public long lastPosition() {
    return lastPosition;
  }

  @Override
  public int lastAccess(Ref ref) {
    return entry(ref).access;
  }

  @Override
  public void touch(Ref ref, int clock) {
    entry(ref).access = clock;
  }

  @Override
  public int footprint(Ref ref) {
    return entry(ref).array.length;
  }

  private Entry changed(Ref ref) {
    mutated = true;
    Entry entry = entry(ref);
    entry.sealed = null;
    return entry;
  }

  private Entry entry(Ref ref) {
    Entry entry = byHandle.get(ref.handle);
    if (entry == null) {
      throw new AssertionError("stale Ref: space=" + ref.space + " handle=" + ref.handle);
    }
    return entry;
  }

  /** Moves a value to a fresh array with room for its new length. */
  private void move(Entry entry, int newLength) {
    byte[] old = entry.array;
    int oldOffset = entry.offset;
    int offset = entry.key.length + random.nextInt(SLACK);
    byte[] array = new byte[offset + newLength + random.nextInt(SLACK)];
    Arrays.fill(array, POISON);
    System.arraycopy(entry.key, 0, array, offset - entry.key.length, entry.key.length);
    System.arraycopy(old, oldOffset, array, offset, Math.min(entry.length, newLength));
    Arrays.fill(old, POISON);
    entry.array = array;
    entry.offset = offset;
    entry.length = newLength;
    entry.sealed = null;
  }

  private static void fill(Entry entry, Ref out) {
    out.array = entry.array;
    out.offset = entry.offset;
    out.length = entry.length;
    out.kind = entry.kind;
    out.expireAtMs = entry.expireAtMs;
    out.keyOffset = entry.offset - entry.key.length;
    out.keyLength = entry.key.length;
    out.space = entry.id.space;
    out.hash = entry.hash;
    out.handle = entry.handle;
  }

  private static EntryKey id(int space, byte[] key, int offset, int length) {
    return new EntryKey(
        space, new String(key, offset, length, java.nio.charset.StandardCharsets.ISO_8859_1));
  }
}
