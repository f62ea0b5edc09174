package io.millrace.engine.internal.store;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** A write batch of RocksDB. */
final class RocksBatch implements ColdBatch, Records.Sink {
  private static final int MAX_RESERVED = 1 << 28;

  private final RocksTier tier;
  private final WriteBatch records;
  private final Records.Transfer transfer = new Records.Transfer();

  RocksBatch(RocksTier tier, long expectedBytes) {
    this.tier = tier;
    this.records = new WriteBatch((int) Math.min(expectedBytes, MAX_RESERVED));
  }

  @Override
  public void put(int family, ByteBuffer key, ByteBuffer value) throws RocksDBException {
    records.put(tier.ensureFamily(family), key, value);
  }

  @Override
  public void delete(int family, ByteBuffer key) throws RocksDBException {
    records.delete(tier.ensureFamily(family), key);
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
    long bytes = records.getDataSize();
    tier.write(records);
    return bytes;
  }

  @Override
  public void close() {
    records.close();
  }
}
