package io.millrace.sql.exec;

import org.jspecify.annotations.Nullable;

/** A hash table from whole numbers to values, without boxes. */
final class LongTable<V> {
  private static final int INITIAL = 1024;

  private long[] keys = new long[INITIAL];
  private @Nullable Object[] values = new Object[INITIAL];
  private int size;

  private static int spread(long key) {
    var mixed = key * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed ^ mixed >>> 32);
  }

  private int slot(long key) {
    var mask = keys.length - 1;
    var slot = spread(key) & mask;
    while (values[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  @SuppressWarnings("unchecked")
  @Nullable V get(long key) {
    return (V) values[slot(key)];
  }

  /** Puts a value and returns the one it replaces. */
  @SuppressWarnings("unchecked")
  @Nullable V put(long key, V value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    var slot = slot(key);
    var before = (V) values[slot];
    keys[slot] = key;
    values[slot] = value;
    if (before == null) {
      size++;
    }
    return before;
  }

  /** All values, in no order. */
  @SuppressWarnings("unchecked")
  Iterable<V> values() {
    return () ->
        java.util.Arrays.stream(values)
            .filter(java.util.Objects::nonNull)
            .map(value -> (V) value)
            .iterator();
  }

  int size() {
    return size;
  }

  private void grow() {
    var oldKeys = keys;
    var oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new Object[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        var slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
