package io.millrace.engine.internal.store;

import io.millrace.engine.state.SpaceOrder;
import java.util.Arrays;

/** Walks one space of one task in the cold tier, in key order. */
abstract class ColdCursor implements AutoCloseable {
  private final int task;
  private final Space space;
  private final int keyAt;

  private byte[] key = new byte[0];
  private byte[] value = new byte[0];
  private boolean valid;

  ColdCursor(int task, Space space) {
    this.task = task;
    this.space = space;
    this.keyAt = ColdKeys.prefixLength(space.order);
  }

  /** Goes to the first entry at or behind a hash; for key order, to the first entry. */
  void seek(long hash) {
    byte[] from = new byte[keyAt];
    ColdKeys.putPrefix(from, 0, task, space, hash);
    seek(from);
  }

  /** Goes to the first entry at or behind a stored key, and calls {@link #at} or {@link #end}. */
  abstract void seek(byte[] from);

  /** Goes to the next entry, and calls {@link #at} or {@link #end}. */
  abstract void next();

  void at(byte[] storedKey, byte[] storedValue) {
    valid = true;
    key = storedKey;
    value = storedValue;
  }

  void end() {
    valid = false;
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

  @Override
  public abstract void close();
}
