package io.millrace.engine.internal.store.hot;

import java.util.ArrayList;
import java.util.List;

/**
 * What changed in one table in one generation: slots, that is the upper half of the hash and a
 * handle, so that a checkpoint can write in RocksDB's order without looking at the blocks first.
 * Grows without copying.
 */
final class ChangeList {
  private static final int FIRST = 16;
  private static final int LARGEST = 8192;

  final HashTable table;
  final int generation;

  private final List<long[]> pages = new ArrayList<>(2);
  private long[] last = new long[0];
  private int at;
  private int size;

  ChangeList(HashTable table, int generation) {
    this.table = table;
    this.generation = generation;
  }

  void add(long slot) {
    if (at == last.length) {
      last = new long[pages.isEmpty() ? FIRST : Math.min(last.length * 2, LARGEST)];
      pages.add(last);
      at = 0;
    }
    last[at++] = slot;
    size++;
  }

  int size() {
    return size;
  }

  /** Copies all slots and returns the index behind them. */
  int copyTo(long[] to, int from) {
    int index = from;
    for (long[] page : pages) {
      int length = page == last ? at : page.length;
      System.arraycopy(page, 0, to, index, length);
      index += length;
    }
    return index;
  }
}
