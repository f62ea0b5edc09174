package io.millrace.sql.exec.hash;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.table.ByteSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A hash table from bytes to values that looks bytes up where they lie. */
@HotPath(benchmark = "PageScanBenchmark")
final class BytesTable<V> {
  private static final int INITIAL = 256;

  private byte[][] keys = new byte[INITIAL][];
  private int[] hashes = new int[INITIAL];
  private @Nullable Object[] values = new Object[INITIAL];
  private int size;

  /** The value of a key; made when there is none. */
  @SuppressWarnings("unchecked")
  V get(ByteSlice key, Supplier<V> absent) {
    var hash = hash(key);
    var slot = slot(key, hash);
    var found = values[slot];
    if (found != null) {
      return (V) found;
    }
    if (size * 2 >= keys.length) {
      grow();
      slot = slot(key, hash);
    }
    var made = absent.get();
    keys[slot] = key.copy();
    hashes[slot] = hash;
    values[slot] = made;
    size++;
    return made;
  }

  private int slot(ByteSlice key, int hash) {
    var mask = keys.length - 1;
    var slot = hash & mask;
    while (values[slot] != null && !(hashes[slot] == hash && key.contentEquals(keys[slot]))) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private static int hash(ByteSlice key) {
    var hash = key.length;
    var array = key.array;
    for (int i = key.offset, end = key.offset + key.length; i < end; i++) {
      hash = hash * 31 + array[i];
    }
    hash *= 0x9E37_79B1;
    return hash ^ hash >>> 15;
  }

  private void grow() {
    var oldKeys = keys;
    var oldHashes = hashes;
    var oldValues = values;
    keys = new byte[oldKeys.length * 2][];
    hashes = new int[keys.length];
    values = new Object[keys.length];
    var mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        var slot = oldHashes[i] & mask;
        while (values[slot] != null) {
          slot = slot + 1 & mask;
        }
        keys[slot] = oldKeys[i];
        hashes[slot] = oldHashes[i];
        values[slot] = oldValues[i];
      }
    }
  }

  /** All values, in no order. */
  @SuppressWarnings("unchecked")
  List<V> values() {
    var all = new ArrayList<V>(size);
    for (var value : values) {
      if (value != null) {
        all.add((V) value);
      }
    }
    return all;
  }
}
