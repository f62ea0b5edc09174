package io.millrace.engine.internal.store.hot;

import io.millrace.engine.internal.store.cold.ColdEntries;
import io.millrace.engine.internal.store.cold.ColdKeys;
import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.engine.state.Ref;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Brings entries from the cold tier into the tables. */
public final class Residency {
  private static final int READ_TOGETHER = 32;
  private static final int READ_FIRST = 4;

  /** Mean size from which values are read one at a time, in bytes. */
  private static final int LARGE = 64 << 10;

  private final ColdTier cold;
  private final SpaceRegistry registry;
  private final TaskStore[] tasks;
  private final Slabs slabs;
  private final Changes changes;
  private final AccessClock clock;

  /** The last key found absent, so that storing it does not ask again. */
  private byte[] absentKey = new byte[0];

  private int absentFamily;
  private int absentDurable;

  /** Budget of the hot tier, in bytes. */
  private final long budget;

  /** All existence filters together take no more than this. */
  private final long filterBudget;

  /** Over a cold tier, for tasks that are put into their array later. */
  public Residency(
      long budget,
      ColdTier cold,
      SpaceRegistry registry,
      TaskStore[] tasks,
      Slabs slabs,
      Changes changes,
      AccessClock clock) {
    this.budget = budget;
    this.filterBudget = budget / 8;
    this.cold = cold;
    this.registry = registry;
    this.tasks = tasks;
    this.slabs = slabs;
    this.changes = changes;
    this.clock = clock;
  }

  /** Where the entries are that are not in memory. */
  ColdTier cold() {
    return cold;
  }

  /** True when the hot tier is above its budget by more than a quarter. */
  private boolean farOverBudget() {
    return slabs.liveBytes() + slabs.sideBytes() > budget + (budget >> 2);
  }

  /**
   * Makes an entry that is not in the table resident if the cold tier holds it.
   *
   * @return its handle, or 0 when it does not exist
   */
  int load(HashTable table, byte[] key, int offset, int length, long hash) {
    if (changes.readingThrough()) {
      // A read does not come here: this is the look-up before a change, which is refused.
      changes.mayChange();
    }
    if (table.surelyAbsent(hash)) {
      return 0;
    }
    Space space = table.space;
    byte[] coldKey = ColdKeys.key(table.task, space, hash, key, offset, length);
    if (absentDurable == changes.durable()
        && absentFamily == space.family
        && Arrays.equals(absentKey, coldKey)) {
      return 0;
    }
    byte[] value = cold.getCached(space.family, coldKey);
    if (value == ColdTier.NOT_CACHED) {
      if (!changes.mutated()) {
        if (!changes.waitsForDisk()) {
          throw new NotResidentException(
              table.task, space.id, Arrays.copyOfRange(key, offset, offset + length), hash);
        }
        if (farOverBudget()) {
          throw new ReadTooLargeException();
        }
      }
      value = cold.get(space.family, coldKey);
    }
    if (value == null) {
      absentKey = coldKey;
      absentFamily = space.family;
      absentDurable = changes.durable();
      return 0;
    }
    return install(table, key, offset, length, hash, value);
  }

  /** Copies an entry that is not in the table from the cold tier; false when there is none. */
  boolean readThrough(HashTable table, byte[] key, int offset, int length, long hash, Ref out) {
    if (table.surelyAbsent(hash)) {
      return false;
    }
    Space space = table.space;
    byte[] coldKey = ColdKeys.key(table.task, space, hash, key, offset, length);
    byte[] value = cold.get(space.family, coldKey);
    if (value == null) {
      return false;
    }
    ColdEntries.fill(out, space.id, hash, key, offset, length, value);
    return true;
  }

  /**
   * Gives a table a filter to be filled from disk; false when it needs none or there is no room.
   */
  boolean startFilter(HashTable table) {
    long bytes = ColdFilter.estimateBytes(table.cold());
    if (table.filter != null || table.cold() == 0 || slabs.filterBytes() + bytes > filterBudget) {
      return false;
    }
    table.filter = ColdFilter.forEntries(table.cold());
    table.accountFilter();
    return true;
  }

  /** An entry has left memory: what was absent may exist now. */
  void evicted(HashTable table, long hash) {
    absentDurable = 0;
    ColdFilter filter = table.filter;
    if (filter == null) {
      if (table.cold() != 1 || slabs.filterBytes() >= filterBudget) {
        return;
      }
      filter = ColdFilter.empty();
      table.filter = filter;
    }
    filter.add(hash);
    table.accountFilter();
    if (slabs.filterBytes() > filterBudget) {
      table.filter = null;
      table.accountFilter();
    }
  }

  /**
   * Reads missing entries from disk until a budget of bytes is used up; entries of spaces that are
   * gone by now are left out. Runs without the lock.
   */
  public List<ColdRead> read(List<NotResidentException> missing, AtomicLong budget) {
    List<ColdRead> read = new ArrayList<>(missing.size());
    int durable = changes.durable();
    int from = 0;
    // How large they are is not known before: few at first.
    int together = READ_FIRST;
    while (from < missing.size() && budget.get() > 0) {
      int to = Math.min(missing.size(), from + together);
      long bytes = read(missing.subList(from, to), durable, read);
      budget.addAndGet(-bytes);
      together = bytes > LARGE * (to - from) ? 1 : READ_TOGETHER;
      from = to;
    }
    return read;
  }

  private long read(List<NotResidentException> missing, int durable, List<ColdRead> into) {
    int[] families = new int[missing.size()];
    List<byte[]> keys = new ArrayList<>(missing.size());
    List<NotResidentException> sought = new ArrayList<>(missing.size());
    for (NotResidentException one : missing) {
      Space space = registry.spaceOrNull(one.space());
      if (space != null) {
        families[keys.size()] = space.family;
        keys.add(ColdKeys.key(one.taskId(), space, one.hash(), one.key(), 0, one.key().length));
        sought.add(one);
      }
    }
    if (keys.isEmpty()) {
      return 0;
    }
    List<byte @Nullable []> values = cold.get(Arrays.copyOf(families, keys.size()), keys);
    long bytes = 0;
    for (int i = 0; i < sought.size(); i++) {
      byte @Nullable [] value = values.get(i);
      bytes += value == null ? 0 : value.length;
      into.add(new ColdRead(sought.get(i), durable, value));
    }
    return bytes;
  }

  /** Puts a read entry into its table, or the knowledge that it does not exist. */
  public void install(ColdRead read) {
    NotResidentException missing = read.missing;
    byte[] key = missing.key();
    HashTable table = tasks[missing.taskId()].table(missing.space());
    if (table == null
        || read.durable != changes.durable()
        || table.find(key, 0, key.length, missing.hash()) != 0) {
      return;
    }
    install(table, key, 0, key.length, missing.hash(), read.stored);
  }

  private int install(
      HashTable table, byte[] key, int offset, int length, long hash, byte @Nullable [] stored) {
    int valueAt = stored == null ? 0 : ColdKeys.valueAt(stored);
    int valueLength = stored == null ? 0 : stored.length - valueAt;
    boolean expires = stored != null && ColdKeys.hasDeadline(stored);
    int keyAt = expires ? Block.HEADER + 8 : Block.HEADER;
    int handle = slabs.allocate(keyAt + length + valueLength);
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    Block.gen(a, b, Changes.CLEAN);
    Block.clock(a, b, clock.seconds());
    Block.valueLength(a, b, valueLength);
    Block.owner(a, b, table.number);
    System.arraycopy(key, offset, a, b + keyAt, length);
    if (stored == null) {
      Block.meta(a, b, length | Block.TOMBSTONE | Block.REFERENCED);
    } else {
      int flags = Block.COLD | Block.REFERENCED | (expires ? Block.EXPIRES : 0);
      Block.meta(a, b, length | flags | ColdKeys.kind(stored) << Block.KIND_SHIFT);
      System.arraycopy(stored, valueAt, a, b + keyAt + length, valueLength);
      if (expires) {
        Block.expireAt(a, b, ColdKeys.deadline(stored));
      }
      table.resident++;
      ColdFilter filter = table.filter;
      if (filter != null) {
        filter.remove(hash);
      }
    }
    table.add(hash, handle);
    return handle;
  }
}
