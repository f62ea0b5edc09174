package io.millrace.engine.internal.store;

import io.millrace.engine.state.SpaceOrder;
import java.util.Arrays;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Walks one space of one task in the cold tier, in key order. */
final class ColdCursor implements AutoCloseable {
  private final ColdTier tier;
  private final int task;
  private final Space space;
  private final RocksIterator iterator;
  private final ReadOptions options;
  private final Slice end;
  private final int keyAt;

  private byte[] key = new byte[0];
  private byte[] value = new byte[0];
  private boolean valid;
  private boolean closed;

  ColdCursor(
      ColdTier tier,
      int task,
      Space space,
      RocksIterator iterator,
      ReadOptions options,
      Slice end) {
    this.tier = tier;
    this.task = task;
    this.space = space;
    this.iterator = iterator;
    this.options = options;
    this.end = end;
    this.keyAt = ColdKeys.prefixLength(space.order);
  }

  /** Goes to the first entry at or behind a hash; for key order, to the first entry. */
  void seek(long hash) {
    byte[] from = new byte[keyAt];
    ColdKeys.putPrefix(from, 0, task, space, hash);
    tier.enter(this);
    try {
      iterator.seek(from);
      settle();
    } finally {
      tier.leave();
    }
  }

  void next() {
    tier.enter(this);
    try {
      iterator.next();
      settle();
    } finally {
      tier.leave();
    }
  }

  private void settle() {
    valid = iterator.isValid();
    if (valid) {
      key = iterator.key();
      value = iterator.value();
      return;
    }
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw tier.failure("cannot scan", e);
    }
  }

  boolean isClosed() {
    return closed;
  }

  boolean valid() {
    return valid;
  }

  long hash() {
    return space.order == SpaceOrder.HASH ? ColdKeys.hash(key) : 0;
  }

  /** The stored key, prefix included. */
  byte[] key() {
    return key;
  }

  /** Index of the first byte of the entry's own key. */
  int keyAt() {
    return keyAt;
  }

  byte[] value() {
    return value;
  }

  /** Compares the entry's own key with another one. */
  int compareKey(byte[] other, int offset, int length) {
    return Arrays.compareUnsigned(key, keyAt, key.length, other, offset, offset + length);
  }

  /** Frees the native iterator; for the cold tier only. */
  void free() {
    closed = true;
    iterator.close();
    options.close();
    end.close();
  }

  @Override
  public void close() {
    tier.close(this);
  }
}
