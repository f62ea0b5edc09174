package io.millrace.sql.exec.hash;

import java.util.Arrays;

/** A hash table from whole numbers to row numbers, without an object per entry. */
final class LongIndex {
  /** What {@link #get} answers when there is no entry. */
  static final int NONE = -1;

  private static final int INITIAL = 1024;

  private long[] keys = new long[INITIAL];
  private int[] rows = filled(INITIAL);
  private int size;

  private static int[] filled(int length) {
    var rows = new int[length];
    Arrays.fill(rows, NONE);
    return rows;
  }

  private static int spread(long key) {
    var mixed = key * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed ^ mixed >>> 32);
  }

  private int slot(long key) {
    var mask = keys.length - 1;
    var slot = spread(key) & mask;
    while (rows[slot] != NONE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  int get(long key) {
    return rows[slot(key)];
  }

  /** Puts a row and returns the one it replaces, or {@link #NONE}. */
  int put(long key, int row) {
    if (size * 2 >= keys.length) {
      grow();
    }
    var slot = slot(key);
    var before = rows[slot];
    keys[slot] = key;
    rows[slot] = row;
    if (before == NONE) {
      size++;
    }
    return before;
  }

  /** A filter of the keys that are here. */
  KeyFilter filter() {
    var smallest = Long.MAX_VALUE;
    var largest = Long.MIN_VALUE;
    for (int i = 0; i < keys.length; i++) {
      if (rows[i] != NONE) {
        smallest = Math.min(smallest, keys[i]);
        largest = Math.max(largest, keys[i]);
      }
    }
    var filter = new KeyFilter(smallest, largest, size);
    for (int i = 0; i < keys.length; i++) {
      if (rows[i] != NONE) {
        filter.add(keys[i]);
      }
    }
    return filter;
  }

  int size() {
    return size;
  }

  private void grow() {
    var oldKeys = keys;
    var oldRows = rows;
    keys = new long[oldKeys.length * 2];
    rows = filled(keys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldRows[i] != NONE) {
        var slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        rows[slot] = oldRows[i];
      }
    }
  }
}
