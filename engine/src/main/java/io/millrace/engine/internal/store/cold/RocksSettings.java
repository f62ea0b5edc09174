package io.millrace.engine.internal.store.cold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.Status;
import org.rocksdb.WriteOptions;

/** How the cold tier uses RocksDB: caches and options, which outlive its being opened again. */
final class RocksSettings implements AutoCloseable {
  private static final int BLOCK_BYTES = 8 << 10;
  private static final double BLOOM_BITS = 10;

  /**
   * A memtable must never be flushed while a checkpoint is being written into it, whatever its
   * size; what checkpoints write is bounded by the store.
   */
  private static final long NEVER_FULL = 1L << 35;

  /** Keeps the size of a memtable from being taken for the size of a log, which is not written. */
  private static final long LOG_BYTES = 16L << 20;

  /** Larger values stand in files of their own: written and compacted without copies in memory. */
  private static final long BLOB_BYTES = 512 << 10;

  private static final long BLOB_FILE_BYTES = 64L << 20;
  private static final double BLOB_GARBAGE = 0.5;

  /** Part of the block cache that data blocks do not push index and filter blocks out of. */
  private static final double INDEX_SHARE = 0.5;

  /**
   * Left to itself RocksDB waits for room after an error in the background, and then flushes what
   * the memtables hold: half a checkpoint, perhaps. Whoever wrote it opens the tier again instead.
   */
  private static final class NoRecovery extends AbstractEventListener {
    NoRecovery() {
      super(EnabledEventCallback.ON_ERROR_RECOVERY_BEGIN);
    }

    @Override
    public boolean onErrorRecoveryBegin(BackgroundErrorReason reason, Status error) {
      return false;
    }
  }

  private final Deque<AbstractImmutableNativeReference> resources = new ArrayDeque<>();
  final ColumnFamilyOptions family;
  final DBOptions database;
  final ReadOptions anywhere;
  final WriteOptions withoutLog;

  RocksSettings(long cacheBytes) {
    Cache cache = own(new LRUCache(cacheBytes, -1, false, INDEX_SHARE));
    this.family = own(familyOptions(cache));
    this.database = own(options().setListeners(List.of(own(new NoRecovery()))));
    this.anywhere = own(new ReadOptions());
    this.withoutLog = own(new WriteOptions().setDisableWAL(true));
  }

  private <T extends AbstractImmutableNativeReference> T own(T resource) {
    resources.push(resource);
    return resource;
  }

  private ColumnFamilyOptions familyOptions(Cache cache) {
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
        .setWriteBufferSize(NEVER_FULL)
        .setDisableAutoCompactions(true)
        .setEnableBlobFiles(true)
        .setMinBlobSize(BLOB_BYTES)
        .setBlobFileSize(BLOB_FILE_BYTES)
        .setEnableBlobGarbageCollection(true)
        .setBlobGarbageCollectionForceThreshold(BLOB_GARBAGE)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setLevelCompactionDynamicLevelBytes(true);
  }

  private static DBOptions options() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        .setParanoidChecks(true)
        .setAvoidFlushDuringShutdown(true)
        .setMaxTotalWalSize(LOG_BYTES)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(OpenFiles.tables())
        .setMaxBgErrorResumeCount(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2);
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
  }
}
