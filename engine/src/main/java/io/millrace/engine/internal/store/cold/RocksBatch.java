package io.millrace.engine.internal.store.cold;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The writes of a checkpoint. They go into memtables in parts, so that they are in memory once; no
 * memtable is flushed before {@link #write}, and that flush of all of them is what is atomic.
 */
final class RocksBatch implements ColdBatch, Records.Sink {
  /** Bytes collected before they go into the memtables. */
  private static final int PART = 1 << 20;

  private final RocksTier tier;
  private final Records.Transfer transfer = new Records.Transfer();
  private WriteBatch records = new WriteBatch(PART);
  private long written;

  RocksBatch(RocksTier tier) {
    this.tier = tier;
  }

  @Override
  public void put(int family, ByteBuffer key, ByteBuffer value) throws RocksDBException {
    records.put(tier.ensureFamily(family), key, value);
    writeIfLarge();
  }

  private void writeIfLarge() throws RocksDBException {
    if (records.getDataSize() >= PART) {
      writePart();
    }
  }

  private void writePart() throws RocksDBException {
    long bytes = records.getDataSize();
    tier.writePart(records);
    written += bytes;
    records.clear();
    if (bytes > 2L * PART) {
      // Clearing keeps the room that one large value has taken.
      records.close();
      records = new WriteBatch(PART);
    }
  }

  @Override
  public void delete(int family, ByteBuffer key) throws RocksDBException {
    records.delete(tier.ensureFamily(family), key);
    writeIfLarge();
  }

  @Override
  public void add(@Nullable Records copies) {
    try {
      if (copies != null) {
        copies.drain(this, transfer);
      }
    } catch (RocksDBException e) {
      throw tier.failure("cannot build a checkpoint", e);
    }
  }

  @Override
  public void deleteSpace(Space space, int tasks) {
    try {
      for (int task = 0; task < tasks; task++) {
        byte[] from = ColdKeys.bound(task, space.id);
        byte[] to = ColdKeys.bound(task, space.id + 1L);
        records.deleteRange(tier.ensureFamily(space.family), from, to);
      }
    } catch (RocksDBException e) {
      throw tier.failure("cannot build a checkpoint", e);
    }
  }

  @Override
  public void putMeta(byte[] meta) {
    try {
      records.put(tier.ensureFamily(0), ColdTier.META_KEY, meta);
    } catch (RocksDBException e) {
      throw tier.failure("cannot build a checkpoint", e);
    }
  }

  @Override
  public long write() {
    try {
      writePart();
    } catch (RocksDBException e) {
      throw tier.failure("cannot write a checkpoint", e);
    }
    tier.flush();
    return written;
  }

  @Override
  public void close() {
    records.close();
  }
}
