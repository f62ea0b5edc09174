package io.millrace.engine.internal.store.cold;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A cursor of RocksDB. */
final class RocksCursor extends ColdCursor {
  private final RocksTier tier;
  private final RocksIterator iterator;
  private final ReadOptions options;
  private final Slice end;
  private boolean closed;

  RocksCursor(
      RocksTier tier,
      int task,
      Space space,
      RocksIterator iterator,
      ReadOptions options,
      Slice end) {
    super(task, space);
    this.tier = tier;
    this.iterator = iterator;
    this.options = options;
    this.end = end;
  }

  @Override
  protected void seek(byte[] from) {
    tier.enter(this);
    try {
      iterator.seek(from);
      settle();
    } finally {
      tier.leave();
    }
  }

  @Override
  public void next() {
    tier.enter(this);
    try {
      iterator.next();
      settle();
    } finally {
      tier.leave();
    }
  }

  private void settle() {
    if (iterator.isValid()) {
      at(iterator.key(), iterator.value());
      return;
    }
    end();
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw tier.failure("cannot scan", e);
    }
  }

  boolean isClosed() {
    return closed;
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
