package io.millrace.engine.internal.store;

import io.millrace.engine.query.SnapshotTooOldException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Holder;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * The RocksDB of a data directory. Family 0 (RocksDB's default column family) holds the meta record
 * of the last checkpoint; every other family has a column family named {@code f<id>}.
 */
final class RocksTier implements ColdTier {
  private static final long MIN_ROOM = 1 << 20;
  private static final String ADVICE =
      "; restore the data directory from a backup, or rebuild its state from the journal if all of"
          + " that is kept";
  private static final int BLOCK_BYTES = 8 << 10;
  private static final double BLOOM_BITS = 10;

  /** Part of the block cache that data blocks do not push index and filter blocks out of. */
  private static final double INDEX_SHARE = 0.5;

  private final Path directory;
  private final Deque<RocksObject> resources = new ArrayDeque<>();
  private final ReadOptions anywhere;
  private final WriteOptions withoutLog;
  private final ColumnFamilyOptions familyOptions;
  private final DBOptions options;

  /**
   * Read-held around each native call, write-held while RocksDB is closed and opened again. Nobody
   * waits for another lock while holding it.
   */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();
  private RocksDB db;

  /** Column families by family id; replaced, never changed. */
  private volatile @Nullable ColumnFamilyHandle[] families;

  /** Counts how often RocksDB was opened; snapshots do not survive that. */
  private volatile int epoch;

  /** A write failed: RocksDB refuses all further ones until it is opened again. */
  private boolean broken;

  private volatile long flushes;

  private RocksTier(Path directory, long cacheBytes, long writeBufferBytes)
      throws RocksDBException {
    this.directory = directory;
    Cache cache = own(new LRUCache(cacheBytes, -1, false, INDEX_SHARE));
    WriteBufferManager buffers =
        own(new WriteBufferManager(Math.max(writeBufferBytes, 1 << 20) * 4, cache, false));
    this.familyOptions = own(familyOptions(cache, writeBufferBytes));
    this.options = own(options(buffers));
    this.anywhere = own(new ReadOptions());
    this.withoutLog = own(new WriteOptions().setDisableWAL(true));
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      this.db = RocksDB.open(options, directory.toString(), descriptors(), handles);
    } catch (RocksDBException | RuntimeException e) {
      closeResources();
      throw e;
    }
    this.families = byFamily(handles);
  }

  /** Opens or creates the cold tier in a directory. */
  static RocksTier open(Path directory, long cacheBytes, long writeBufferBytes) {
    try {
      RocksDB.loadLibrary();
      Files.createDirectories(directory);
      return new RocksTier(directory, cacheBytes, writeBufferBytes);
    } catch (RocksDBException e) {
      throw failure("cannot open the cold tier", directory, e);
    } catch (IOException e) {
      throw new StoreException("cannot create the directory: path=" + directory, e);
    }
  }

  private <T extends RocksObject> T own(T resource) {
    resources.push(resource);
    return resource;
  }

  private ColumnFamilyOptions familyOptions(Cache cache, long writeBufferBytes) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(BLOCK_BYTES)
            .setFilterPolicy(own(new BloomFilter(BLOOM_BITS)))
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinTopLevelIndexAndFilter(true)
            .setFormatVersion(6);
    return new ColumnFamilyOptions()
        .setTableFormatConfig(table)
        .setWriteBufferSize(writeBufferBytes)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setLevelCompactionDynamicLevelBytes(true);
  }

  private static DBOptions options(WriteBufferManager buffers) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        .setParanoidChecks(true)
        .setAvoidFlushDuringShutdown(true)
        .setWriteBufferManager(buffers)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(512)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2);
  }

  private List<ColumnFamilyDescriptor> descriptors() throws RocksDBException {
    List<byte[]> names = new ArrayList<>();
    if (Files.exists(directory.resolve("CURRENT"))) {
      try (Options options = new Options()) {
        names.addAll(RocksDB.listColumnFamilies(options, directory.toString()));
      }
    } else {
      refuseOrphans();
    }
    if (names.isEmpty()) {
      names.add(RocksDB.DEFAULT_COLUMN_FAMILY);
    }
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (byte[] name : names) {
      descriptors.add(new ColumnFamilyDescriptor(name, familyOptions));
    }
    return descriptors;
  }

  /** RocksDB would make an empty database beside tables whose CURRENT is gone. */
  private void refuseOrphans() {
    try (Stream<Path> files = Files.list(directory)) {
      if (files.anyMatch(file -> file.toString().endsWith(".sst"))) {
        throw new StoreDamagedException(
            "a file of the cold tier is missing: file=" + directory.resolve("CURRENT") + ADVICE);
      }
    } catch (IOException e) {
      throw new StoreException("cannot list the directory: path=" + directory, e);
    }
  }

  private static @Nullable ColumnFamilyHandle[] byFamily(List<ColumnFamilyHandle> handles)
      throws RocksDBException {
    @Nullable ColumnFamilyHandle[] families = new @Nullable ColumnFamilyHandle[16];
    for (ColumnFamilyHandle handle : handles) {
      int family = familyOf(handle.getName());
      if (family >= families.length) {
        families = Arrays.copyOf(families, family * 2);
      }
      families[family] = handle;
    }
    return families;
  }

  private static int familyOf(byte[] name) {
    return Arrays.equals(name, RocksDB.DEFAULT_COLUMN_FAMILY)
        ? 0
        : Integer.parseInt(new String(name, 1, name.length - 1, StandardCharsets.US_ASCII));
  }

  /** Returns the column family of a family; makes it when missing. */
  ColumnFamilyHandle ensureFamily(int family) {
    ColumnFamilyHandle handle = handle(family);
    if (handle == null) {
      gate.readLock().lock();
      try {
        byte[] name = ("f" + family).getBytes(StandardCharsets.US_ASCII);
        handle = db.createColumnFamily(new ColumnFamilyDescriptor(name, familyOptions));
      } catch (RocksDBException e) {
        throw failure("cannot create a column family", directory, e);
      } finally {
        gate.readLock().unlock();
      }
      @Nullable ColumnFamilyHandle[] wider =
          Arrays.copyOf(families, Math.max(families.length, family + 1));
      wider[family] = handle;
      families = wider;
    }
    return handle;
  }

  private @Nullable ColumnFamilyHandle handle(int family) {
    @Nullable ColumnFamilyHandle[] now = families;
    return family < now.length ? now[family] : null;
  }

  @Override
  public byte @Nullable [] getCached(int family, byte[] key) {
    gate.readLock().lock();
    try {
      ColumnFamilyHandle handle = handle(family);
      if (handle == null) {
        return null;
      }
      // Unlike a read of the cache tier this says "perhaps", by an empty value, without throwing.
      Holder<byte @Nullable []> found = new Holder<>();
      if (!db.keyMayExist(handle, anywhere, key, found)) {
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
        ColumnFamilyHandle handle = handle(family);
        if (handle != null) {
          handles.add(handle);
        }
      }
      if (keys.size() == 1 || handles.size() < keys.size()) {
        return ColdTier.super.get(keyFamilies, keys);
      }
      return new ArrayList<>(db.multiGetAsList(anywhere, handles, keys));
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
      ColumnFamilyHandle handle = handle(family);
      return handle == null ? null : db.get(handle, anywhere, key);
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
      ColumnFamilyHandle handle = handle(family);
      return handle == null ? null : db.get(handle, seen.options(), key);
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
      Snapshot snapshot = db.getSnapshot();
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
        db.releaseSnapshot(ours.snapshot());
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
      ColumnFamilyHandle handle = handle(space.family);
      if (handle == null) {
        return null;
      }
      Slice end = new Slice(ColdKeys.bound(task, space.id + 1L));
      ReadOptions read = new ReadOptions().setIterateUpperBound(end);
      if (seen != null) {
        read.setSnapshot(seen.snapshot());
      }
      RocksIterator iterator = db.newIterator(handle, read);
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
      closeDb();
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      db = RocksDB.open(options, directory.toString(), descriptors(), handles);
      families = byFamily(handles);
      broken = false;
    } catch (RocksDBException e) {
      throw failure("cannot open the cold tier again", directory, e);
    } finally {
      gate.writeLock().unlock();
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
    return new RocksBatch(this, expectedBytes);
  }

  /** Writes one batch and makes it durable, all column families at once. */
  void write(WriteBatch records) {
    gate.readLock().lock();
    try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
      broken = true;
      db.write(withoutLog, records);
      List<ColumnFamilyHandle> all = new ArrayList<>();
      for (ColumnFamilyHandle handle : families) {
        if (handle != null) {
          all.add(handle);
        }
      }
      db.flush(wait, all);
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

  /** By hard links: tables never change. */
  @Override
  public void saveTo(Path target) {
    gate.readLock().lock();
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
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
    if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
      return new StoreFullException(text, e);
    }
    return new StoreException(text, e);
  }

  private void closeDb() {
    for (ColumnFamilyHandle handle : families) {
      if (handle != null) {
        handle.close();
      }
    }
    db.close();
  }

  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      epoch++;
      cursors.forEach(RocksCursor::free);
      cursors.clear();
      closeDb();
      closeResources();
    } finally {
      gate.writeLock().unlock();
    }
  }

  private void closeResources() {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
  }
}
