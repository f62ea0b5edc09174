package io.millrace.engine.internal.store.cold;

import io.millrace.engine.state.Ref;

/** Fills cursors from entries that are not in the hot tier. */
public final class ColdEntries {
  private ColdEntries() {}

  /** Points a Ref at the entry of a cold cursor; key and value are copied into one array. */
  public static void fill(Ref out, int space, ColdCursor cursor) {
    byte[] key = cursor.key();
    int keyAt = cursor.keyAt();
    fill(out, space, cursor.hash(), key, keyAt, key.length - keyAt, cursor.value());
  }

  /** Points a Ref at a copy of a key and a stored value. */
  public static void fill(
      Ref out, int space, long hash, byte[] key, int keyAt, int keyLength, byte[] stored) {
    int valueAt = ColdKeys.valueAt(stored);
    int valueLength = stored.length - valueAt;
    byte[] both = new byte[keyLength + valueLength];
    System.arraycopy(key, keyAt, both, 0, keyLength);
    System.arraycopy(stored, valueAt, both, keyLength, valueLength);
    out.array = both;
    out.keyOffset = 0;
    out.keyLength = keyLength;
    out.offset = keyLength;
    out.length = valueLength;
    out.kind = ColdKeys.kind(stored);
    out.expireAtMs = ColdKeys.deadline(stored);
    out.space = space;
    out.hash = hash;
    out.handle = 0;
  }
}
