package io.millrace.engine.internal.store.cold;

import io.millrace.engine.table.SnapshotTooOldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Holder;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The RocksDB of a data directory: who may use it when, its snapshots and cursors, and how it is
 * opened again after a write that failed. Family 0 holds the meta record of the last checkpoint.
 */
public final class RocksTier implements ColdTier {
  /** What to do about damage. */
  static final String ADVICE =
      "; restore the data directory from a backup, or rebuild its state from the journal if all of"
          + " that is kept";

  private static final Logger LOG = LoggerFactory.getLogger(RocksTier.class);
  private static final long MIN_ROOM = 1 << 20;

  private final Path directory;
  private final RocksSettings settings;

  /**
   * Read-held around each native call, write-held while RocksDB is closed and opened again. Nobody
   * waits for another lock while holding it.
   */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();

  /** What is open; another one after it was opened again. */
  private volatile RocksFamilies families;

  /** Counts how often RocksDB was opened; snapshots do not survive that. */
  private volatile int epoch;

  /** A write failed: RocksDB refuses all further ones until it is opened again. */
  private boolean broken;

  private volatile long flushes;

  private RocksTier(Path directory, RocksSettings settings) throws RocksDBException {
    this.directory = directory;
    this.settings = settings;
    try {
      this.families = RocksFamilies.open(directory, settings);
    } catch (RocksDBException | RuntimeException e) {
      settings.close();
      throw e;
    }
  }

  /** Opens or creates the cold tier in a directory. */
  public static RocksTier open(Path directory, long cacheBytes) {
    try {
      RocksDB.loadLibrary();
      Files.createDirectories(directory);
      return new RocksTier(directory, new RocksSettings(cacheBytes));
    } catch (RocksDBException e) {
      throw failure("cannot open the cold tier", directory, e);
    } catch (IOException e) {
      throw new StoreException("cannot create the directory: path=" + directory, e);
    }
  }

  /** Returns the column family of a family; makes it when missing. */
  ColumnFamilyHandle ensureFamily(int family) {
    ColumnFamilyHandle handle = families.get(family);
    if (handle == null) {
      gate.readLock().lock();
      try {
        handle = families.add(family);
      } catch (RocksDBException e) {
        // It may be there all the same; whoever opens again will see.
        broken = true;
        throw failure("cannot create a column family", directory, e);
      } finally {
        gate.readLock().unlock();
      }
    }
    return handle;
  }

  @Override
  public byte @Nullable [] getCached(int family, byte[] key) {
    gate.readLock().lock();
    try {
      ColumnFamilyHandle handle = families.get(family);
      if (handle == null) {
        return null;
      }
      // Unlike a read of the cache tier this says "perhaps", by an empty value, without throwing.
      Holder<byte @Nullable []> found = new Holder<>();
      if (!families.db.keyMayExist(handle, settings.anywhere, key, found)) {
        return null;
      }
      byte @Nullable [] value = found.getValue();
      return value == null || value.length == 0 ? NOT_CACHED : value;
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public List<byte @Nullable []> get(int[] keyFamilies, List<byte[]> keys) {
    gate.readLock().lock();
    try {
      List<ColumnFamilyHandle> handles = new ArrayList<>(keys.size());
      for (int family : keyFamilies) {
        ColumnFamilyHandle handle = families.get(family);
        if (handle != null) {
          handles.add(handle);
        }
      }
      if (keys.size() == 1 || handles.size() < keys.size()) {
        return ColdTier.super.get(keyFamilies, keys);
      }
      List<byte @Nullable []> found =
          new ArrayList<>(families.db.multiGetAsList(settings.anywhere, handles, keys));
      for (int i = 0; i < found.size(); i++) {
        if (found.get(i) == null) {
          // The list says the same of a key that is not there and of one that cannot be read.
          found.set(i, families.db.get(handles.get(i), settings.anywhere, keys.get(i)));
        }
      }
      return found;
    } catch (RocksDBException e) {
      throw failure("cannot read", directory, e);
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public byte @Nullable [] get(int family, byte[] key) {
    gate.readLock().lock();
    try {
      ColumnFamilyHandle handle = families.get(family);
      return handle == null ? null : families.db.get(handle, settings.anywhere, key);
    } catch (RocksDBException e) {
      throw failure("cannot read", directory, e);
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public byte @Nullable [] get(int family, byte[] key, ColdSnapshot snapshot) {
    gate.readLock().lock();
    try {
      RocksSnapshot seen = current(snapshot);
      ColumnFamilyHandle handle = families.get(family);
      return handle == null ? null : families.db.get(handle, seen.options(), key);
    } catch (RocksDBException e) {
      throw failure("cannot read", directory, e);
    } finally {
      gate.readLock().unlock();
    }
  }

  private RocksSnapshot current(ColdSnapshot snapshot) {
    RocksSnapshot ours = (RocksSnapshot) snapshot;
    if (ours.epoch() != epoch) {
      throw new SnapshotTooOldException("the cold tier was opened again after a failed write");
    }
    return ours;
  }

  /** A snapshot of RocksDB and the options to read it. */
  private record RocksSnapshot(Snapshot snapshot, ReadOptions options, int epoch)
      implements ColdSnapshot {}

  @Override
  public ColdSnapshot snapshot() {
    gate.readLock().lock();
    try {
      Snapshot snapshot = families.db.getSnapshot();
      return new RocksSnapshot(snapshot, new ReadOptions().setSnapshot(snapshot), epoch);
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public void release(ColdSnapshot snapshot) {
    RocksSnapshot ours = (RocksSnapshot) snapshot;
    gate.readLock().lock();
    try {
      ours.options().close();
      if (ours.epoch() == epoch) {
        families.db.releaseSnapshot(ours.snapshot());
      }
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public @Nullable ColdCursor cursor(int task, Space space, @Nullable ColdSnapshot snapshot) {
    gate.readLock().lock();
    try {
      RocksSnapshot seen = snapshot == null ? null : current(snapshot);
      ColumnFamilyHandle handle = families.get(space.family);
      if (handle == null) {
        return null;
      }
      Slice end = new Slice(ColdKeys.bound(task, space.id + 1L));
      ReadOptions read = new ReadOptions().setIterateUpperBound(end);
      if (seen != null) {
        read.setSnapshot(seen.snapshot());
      }
      RocksIterator iterator = families.db.newIterator(handle, read);
      RocksCursor cursor = new RocksCursor(this, task, space, iterator, read, end);
      cursors.add(cursor);
      return cursor;
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Lets a cursor make native calls. */
  void enter(RocksCursor cursor) {
    gate.readLock().lock();
    if (cursor.isClosed()) {
      gate.readLock().unlock();
      throw new SnapshotTooOldException("the cold tier was opened again after a failed write");
    }
  }

  void leave() {
    gate.readLock().unlock();
  }

  /** Closes a cursor; it may be closed already. */
  void close(RocksCursor cursor) {
    gate.readLock().lock();
    try {
      if (cursors.remove(cursor)) {
        cursor.free();
      }
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public boolean broken() {
    return broken;
  }

  @Override
  public void reopen(long expectedBytes) {
    checkRoom(expectedBytes + (expectedBytes >> 1) + MIN_ROOM);
    gate.writeLock().lock();
    try {
      epoch++;
      for (RocksCursor cursor : cursors) {
        cursor.free();
      }
      cursors.clear();
      boolean merging = families.merging();
      families.close();
      families = openAgain();
      if (merging) {
        families.mayMerge(true);
      }
      broken = false;
    } catch (RocksDBException e) {
      throw failure("cannot open the cold tier again", directory, e);
    } finally {
      gate.writeLock().unlock();
    }
  }

  /** What cannot be opened for writing, as when files can no longer be made, goes on being read. */
  private RocksFamilies openAgain() throws RocksDBException {
    try {
      return RocksFamilies.open(directory, settings);
    } catch (RocksDBException e) {
      families = RocksFamilies.openToRead(directory, settings);
      throw e;
    }
  }

  private void checkRoom(long needed) {
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      if (free < needed) {
        throw new StoreFullException(
            "disk is full: directory=" + directory + " free=" + free + " needed=" + needed);
      }
    } catch (IOException e) {
      throw new StoreException("cannot ask for free space: directory=" + directory, e);
    }
  }

  @Override
  public ColdBatch batch(long expectedBytes) {
    return new RocksBatch(this);
  }

  /**
   * Puts a part of a checkpoint into the memtables. Until {@link #flush} has made all of it
   * durable, RocksDB counts as broken: memtables with half a checkpoint must never be flushed.
   */
  void writePart(WriteBatch records) throws RocksDBException {
    gate.readLock().lock();
    try {
      broken = true;
      families.db.write(settings.withoutLog, records);
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Makes what was written durable, all column families at once. */
  void flush() {
    gate.readLock().lock();
    try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
      families.db.flush(wait, families.all());
      flushes = flushes + 1;
      broken = false;
    } catch (RocksDBException e) {
      throw failure("cannot write a checkpoint", directory, e);
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public long flushes() {
    return flushes;
  }

  @Override
  public long tableBytes() {
    gate.readLock().lock();
    try {
      // Large values stand beside the tables, and a merge writes those as well.
      return families.db.getAggregatedLongProperty("rocksdb.total-sst-files-size")
          + families.db.getAggregatedLongProperty("rocksdb.total-blob-file-size");
    } catch (RocksDBException e) {
      throw failure("cannot ask for the size of tables", directory, e);
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public void mayMerge(boolean allowed) {
    gate.readLock().lock();
    try {
      families.mayMerge(allowed);
    } catch (RocksDBException e) {
      // In memory the option is set; only its file could not be written.
      LOG.debug("The options of the cold tier cannot be written", e);
    } finally {
      gate.readLock().unlock();
    }
  }

  /** By hard links: tables never change. */
  @Override
  public void saveTo(Path target) {
    gate.readLock().lock();
    try (Checkpoint checkpoint = Checkpoint.create(families.db)) {
      checkpoint.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw failure("cannot keep a checkpoint", target, e);
    } finally {
      gate.readLock().unlock();
    }
  }

  StoreException failure(String what, RocksDBException e) {
    return failure(what, directory, e);
  }

  private static StoreException failure(String what, Path directory, RocksDBException e) {
    Status status = e.getStatus();
    String text = what + ": directory=" + directory + " reason=" + e.getMessage();
    boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
    if (corrupt || text.contains("No such file")) {
      return new StoreDamagedException(text + ADVICE, e);
    }
    // Where RocksDB wraps the error of another layer, only the text still says it.
    if (status != null && status.getSubCode() == Status.SubCode.NoSpace
        || text.contains("No space left on device")
        || text.contains("Disk quota exceeded")) {
      return new StoreFullException(text, e);
    }
    return new StoreException(text, e);
  }

  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      epoch++;
      cursors.forEach(RocksCursor::free);
      cursors.clear();
      families.close();
      settings.close();
    } finally {
      gate.writeLock().unlock();
    }
  }
}
