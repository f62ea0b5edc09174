package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdEntries;
import io.millrace.engine.internal.store.cold.ColdKeys;
import io.millrace.engine.internal.store.hot.Block;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.internal.store.hot.HashTable;
import io.millrace.engine.internal.store.hot.Slabs;
import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.SnapshotTooOldException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task of a sealed view. The version a view sees is, in this order: the entry in the table if
 * it was last changed at or before the seal; the version put aside when it was overwritten; what
 * RocksDB held when the view was opened. The first is looked up and copied without the lock, and
 * thrown away when somebody has held it meanwhile; otherwise the lock is taken for one lookup and
 * one copy at a time.
 */
@HotPath(benchmark = "StoreBenchmark")
final class TaskView implements TaskSnapshot {
  private static final byte[] ABSENT = new byte[0];

  private final Tiers tiers;
  private final ExecutionLock lock;
  private final Slabs slabs;
  private final SealedView sealed;
  private final int task;
  private final Map<Integer, HashTable> tables;

  TaskView(Tiers tiers, SealedView sealed, int task) {
    this.tiers = tiers;
    this.lock = tiers.lock();
    this.slabs = tiers.slabs();
    this.sealed = sealed;
    this.task = task;
    this.tables = sealed.tablesOf(task);
  }

  @Override
  public int taskId() {
    return task;
  }

  @Override
  public long hashSeed() {
    return tiers.seed();
  }

  @Override
  public long count(int space) {
    HashTable table = tables.get(space);
    return table == null ? 0 : sealed.count(table);
  }

  @Override
  public boolean find(int space, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    HashTable table = tables.get(space);
    if (table == null) {
      return false;
    }
    byte[] block = withoutLock(table, key, keyOffset, keyLength, hash, out);
    if (block == null) {
      block = withLock(table, key, keyOffset, keyLength, hash, out);
    }
    if (block == ABSENT) {
      return false;
    }
    if (block != null) {
      if ((Block.meta(block, 0) & Block.TOMBSTONE) != 0) {
        return false;
      }
      Block.fill(out, space, hash, block);
      return true;
    }
    byte[] coldKey = ColdKeys.key(task, table.space, hash, key, keyOffset, keyLength);
    byte[] stored = tiers.cold().get(table.space.family, coldKey, sealed.cold);
    if (stored == null) {
      return false;
    }
    ColdEntries.fill(out, space, hash, key, keyOffset, keyLength, stored);
    return true;
  }

  /**
   * The visible version, or {@link #ABSENT}; null when that cannot be said without the lock. While
   * others change the table this may see any mixture of old and new, which is why sizes are checked
   * and exceptions mean nothing.
   */
  private byte @Nullable [] withoutLock(
      HashTable table, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    long seen = lock.unheld();
    if (seen < 0 || sealed.view.tooOld) {
      return null;
    }
    byte[] found;
    try {
      int handle = table.find(key, keyOffset, keyLength, hash);
      if (handle == 0) {
        found = table.cold() == 0 ? ABSENT : null;
      } else {
        found = copy(handle, out);
      }
    } catch (IndexOutOfBoundsException | NullPointerException torn) {
      return null;
    }
    return lock.unheldSince(seen) ? found : null;
  }

  /** A copy of a block if it is the version this view sees. */
  private byte @Nullable [] copy(int handle, Ref out) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    if (Block.gen(a, b) > sealed.view.seal) {
      return null;
    }
    int size = Block.size(a, b);
    if (size < Block.HEADER || size > a.length - b) {
      return null;
    }
    byte[] copy = out.room(size);
    System.arraycopy(a, b, copy, 0, size);
    return copy;
  }

  /** The visible version, or {@link #ABSENT}; null when RocksDB has to be asked. */
  private byte @Nullable [] withLock(
      HashTable table, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    lock.acquire();
    try {
      checkAge();
      int handle = table.find(key, keyOffset, keyLength, hash);
      if (handle == 0) {
        return table.surelyAbsent(hash) ? ABSENT : null;
      }
      return visible(table, handle, key, keyOffset, keyLength, hash, out);
    } finally {
      lock.release();
    }
  }

  void checkAge() {
    if (sealed.view.tooOld) {
      throw new SnapshotTooOldException(sealed.position);
    }
  }

  /**
   * A copy of the version of a resident entry this view sees, where the Ref wants it; null when
   * RocksDB has it.
   */
  byte @Nullable [] visible(
      HashTable table, int handle, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    if (Block.gen(a, b) > sealed.view.seal) {
      return tiers.views().find(sealed.view, table.number, key, keyOffset, keyLength, hash);
    }
    int size = Block.size(a, b);
    byte[] copy = out.room(size);
    System.arraycopy(a, b, copy, 0, size);
    return copy;
  }

  @Override
  public void scan(int space, long fromHash, long toHash, EntryVisitor visitor) {
    HashTable table = tables.get(space);
    if (table == null) {
      return;
    }
    if (table.space.order == SpaceOrder.HASH) {
      new SealedHashScan(tiers, this, table, sealed).run(fromHash, toHash, visitor);
    } else {
      new SealedKeyScan(tiers, this, table, sealed).run(fromHash, toHash, visitor);
    }
  }
}
