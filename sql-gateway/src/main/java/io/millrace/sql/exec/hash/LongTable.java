package io.millrace.sql.exec.hash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hash table from whole numbers to values, without boxes. */
final class LongTable<V> {
  private static final int INITIAL = 512;

  /** Where the value of a number stands. */
  private final LongIndex rows = new LongIndex();

  private @Nullable Object[] values = new Object[INITIAL];
  private int size;

  @SuppressWarnings("unchecked")
  @Nullable V get(long key) {
    var row = rows.get(key);
    return row == LongIndex.NONE ? null : (V) values[row];
  }

  /** Adds a value under a key that has none yet. */
  void add(long key, V value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    rows.put(key, size);
    values[size++] = value;
  }

  /** All values, in the order in which they were added. */
  @SuppressWarnings("unchecked")
  List<V> values() {
    var all = new ArrayList<V>(size);
    for (int i = 0; i < size; i++) {
      all.add((V) values[i]);
    }
    return all;
  }
}
