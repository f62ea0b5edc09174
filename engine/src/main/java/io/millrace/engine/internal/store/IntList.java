package io.millrace.engine.internal.store;

import java.util.Arrays;

/** A stack of numbers. */
final class IntList {
  private int[] items = new int[16];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  int size() {
    return size;
  }

  int last() {
    return items[size - 1];
  }

  void removeLast() {
    size--;
  }
}
