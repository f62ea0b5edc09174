package io.millrace.engine.internal.store;

import io.millrace.engine.query.SnapshotTooOldException;
import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskSnapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task of a sealed view. The version a view sees is, in this order: the entry in the table if
 * it was last changed at or before the seal; the version put aside when it was overwritten; what
 * RocksDB held when the view was opened. The lock is taken for one lookup and one copy at a time.
 */
@HotPath(benchmark = "StoreBenchmark")
final class TaskView implements TaskSnapshot {
  private final TieredStore store;
  private final ExecutionLock lock;
  private final Slabs slabs;
  private final SealedView sealed;
  private final int task;
  private final Map<Integer, Table> tables;

  TaskView(TieredStore store, ExecutionLock lock, SealedView sealed, int task) {
    this.store = store;
    this.lock = lock;
    this.slabs = store.slabs();
    this.sealed = sealed;
    this.task = task;
    this.tables = sealed.tablesOf(task);
  }

  @Override
  public int taskId() {
    return task;
  }

  @Override
  public long count(int space) {
    Table table = tables.get(space);
    return table == null ? 0 : sealed.count(table);
  }

  @Override
  public boolean find(int space, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    Table table = tables.get(space);
    if (table == null) {
      return false;
    }
    byte[] block;
    lock.acquire();
    try {
      checkAge();
      int handle = table.find(key, keyOffset, keyLength, hash);
      if (handle == 0) {
        if (table.cold() == 0 || store.residency().surelyAbsent(table, hash)) {
          return false;
        }
        block = null;
      } else {
        block = visible(table, handle, key, keyOffset, keyLength, hash, out);
      }
    } finally {
      lock.release();
    }
    if (block != null) {
      if ((Block.meta(block, 0) & Block.TOMBSTONE) != 0) {
        return false;
      }
      ColdEntries.fillFromBlock(out, space, hash, block);
      return true;
    }
    byte[] coldKey = ColdKeys.key(task, table.space, hash, key, keyOffset, keyLength);
    byte[] stored = store.cold().get(table.space.family, coldKey, sealed.cold);
    if (stored == null) {
      return false;
    }
    ColdEntries.fill(out, space, hash, key, keyOffset, keyLength, stored);
    return true;
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
      Table table, int handle, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    if (Block.gen(a, b) > sealed.view.seal) {
      return store.views().find(sealed.view, table.number, key, keyOffset, keyLength, hash);
    }
    int size = Block.size(a, b);
    byte[] copy = out.room(size);
    System.arraycopy(a, b, copy, 0, size);
    return copy;
  }

  @Override
  public void scan(int space, long fromHash, long toHash, EntryVisitor visitor) {
    Table table = tables.get(space);
    if (table == null) {
      return;
    }
    if (table.space.order == SpaceOrder.HASH) {
      new SealedHashScan(store, lock, this, table, sealed).run(fromHash, toHash, visitor);
    } else {
      new SealedKeyScan(store, lock, this, table, sealed).run(fromHash, toHash, visitor);
    }
  }
}
