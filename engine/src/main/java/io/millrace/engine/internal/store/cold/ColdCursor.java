package io.millrace.engine.internal.store.cold;

import io.millrace.engine.state.SpaceOrder;
import java.util.Arrays;

/** Walks one space of one task in the cold tier, in key order. */
public abstract class ColdCursor implements AutoCloseable {
  private final int task;
  private final Space space;
  private final int keyAt;

  private byte[] key = new byte[0];
  private byte[] value = new byte[0];
  private boolean valid;

  protected ColdCursor(int task, Space space) {
    this.task = task;
    this.space = space;
    this.keyAt = ColdKeys.prefixLength(space.order);
  }

  /** Goes to the first entry at or behind a hash; for key order, to the first entry. */
  public void seek(long hash) {
    byte[] from = new byte[keyAt];
    ColdKeys.putPrefix(from, 0, task, space, hash);
    seek(from);
  }

  /** Goes to the first entry at or behind a stored key, and calls {@link #at} or {@link #end}. */
  protected abstract void seek(byte[] from);

  /** Goes to the next entry, and calls {@link #at} or {@link #end}. */
  public abstract void next();

  protected void at(byte[] storedKey, byte[] storedValue) {
    valid = true;
    key = storedKey;
    value = storedValue;
  }

  protected void end() {
    valid = false;
  }

  public boolean valid() {
    return valid;
  }

  public long hash() {
    return space.order == SpaceOrder.HASH ? ColdKeys.hash(key) : 0;
  }

  /** The stored key, prefix included. */
  public byte[] key() {
    return key;
  }

  /** Index of the first byte of the entry's own key. */
  public int keyAt() {
    return keyAt;
  }

  byte[] value() {
    return value;
  }

  /** Compares the entry's own key with another one. */
  public int compareKey(byte[] other, int offset, int length) {
    return Arrays.compareUnsigned(key, keyAt, key.length, other, offset, offset + length);
  }

  @Override
  public abstract void close();
}
