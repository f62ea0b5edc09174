package io.millrace.engine.internal.store.hot;

import java.util.Arrays;

/** A stack of numbers. */
public final class IntList {
  private int[] items = new int[16];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  public int size() {
    return size;
  }

  public int last() {
    return items[size - 1];
  }

  public void removeLast() {
    size--;
  }
}
