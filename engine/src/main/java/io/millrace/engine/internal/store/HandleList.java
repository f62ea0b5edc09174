package io.millrace.engine.internal.store;

import java.util.ArrayList;
import java.util.List;

/** A list of handles that grows without copying: what changed in one generation. */
final class HandleList {
  private static final int PAGE = 8192;

  /** The generation whose changes these are. */
  final int generation;

  private final List<int[]> pages = new ArrayList<>();
  private int[] last = new int[0];
  private int at;
  private long size;

  HandleList(int generation) {
    this.generation = generation;
  }

  void add(int handle) {
    if (at == last.length) {
      last = new int[pages.isEmpty() ? 64 : PAGE];
      pages.add(last);
      at = 0;
    }
    last[at++] = handle;
    size++;
  }

  int peekLast() {
    return last[at - 1];
  }

  void removeLast() {
    size--;
    if (--at == 0 && pages.size() > 1) {
      pages.removeLast();
      last = pages.getLast();
      at = last.length;
    }
  }

  long size() {
    return size;
  }

  int pages() {
    return pages.size();
  }

  int[] page(int index) {
    return pages.get(index);
  }

  /** Number of handles in a page. */
  int sizeOf(int page) {
    return page == pages.size() - 1 ? at : pages.get(page).length;
  }
}
