package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;
import java.util.Arrays;

/**
 * One piece of a {@link HashTable}: the entries whose hashes start with the same {@code depth}
 * bits.
 *
 * <p>A slot is the upper 32 bits of the hash and a handle; 0 is empty. A slot's home grows with its
 * hash, and slots of a run stand in hash order, so a lookup that misses ends early and a scan needs
 * no sorting. Runs do not wrap around: the array is longer than the number of homes, and its last
 * slot stays empty.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class TableSegment {
  public static final long TAG = 0xFFFFFFFF00000000L;

  private static final int PAD = 24;

  final int depth;
  public long[] slots;
  int homes;
  int used;

  TableSegment(int depth, int entries) {
    this.depth = depth;
    this.homes = homesFor(entries);
    this.slots = new long[homes + PAD];
  }

  /** Homes that hold this many entries with room to grow by a fifth. */
  private static int homesFor(int entries) {
    return Math.max(8, entries + (entries >>> 1));
  }

  /** Where a hash or a slot belongs; only the upper 32 bits count, as a slot has no others. */
  public int home(long hash) {
    return (int) (((hash & TAG) << depth >>> 32) * homes >>> 32);
  }

  boolean full() {
    return used * 5L >= homes * 4L;
  }

  boolean sparse() {
    return homes > 64 && used * 8 < homes;
  }

  /** Adds a slot; the segment must not be {@link #full}. A run past the end makes it longer. */
  void add(long slot) {
    while (!place(slot)) {
      slots = Arrays.copyOf(slots, slots.length + PAD);
    }
    used++;
  }

  private boolean place(long slot) {
    long[] s = slots;
    int i = home(slot);
    while (s[i] != 0 && Long.compareUnsigned(s[i], slot) < 0) {
      i++;
    }
    int end = i;
    while (s[end] != 0) {
      end++;
    }
    if (end == s.length - 1) {
      return false;
    }
    System.arraycopy(s, i, s, i + 1, end - i);
    s[i] = slot;
    return true;
  }

  /** Index of the slot, which must be present. */
  int indexOf(long slot) {
    long[] s = slots;
    int i = home(slot);
    while (s[i] != slot) {
      if (s[i] == 0) {
        throw new IllegalStateException("no such slot: " + Long.toHexString(slot));
      }
      i++;
    }
    return i;
  }

  /** Points a slot elsewhere. */
  void change(long from, long to) {
    slots[indexOf(from)] = to;
  }

  /** Removes the slot, which must be present, and closes the gap. */
  void remove(long slot) {
    long[] s = slots;
    int i = indexOf(slot);
    int end = i + 1;
    while (s[end] != 0 && home(s[end]) < end) {
      end++;
    }
    System.arraycopy(s, i + 1, s, i, end - i - 1);
    s[end - 1] = 0;
    used--;
  }

  /** Rebuilds with room for the present entries and a fifth more. */
  void resize() {
    long[] old = slots;
    homes = homesFor(used);
    slots = new long[homes + PAD];
    int at = 0;
    for (long slot : old) {
      if (slot != 0) {
        at = append(slot, at);
      }
    }
  }

  /**
   * Places a slot that is above all present ones.
   *
   * @param at first index behind the newest slot
   */
  private int append(long slot, int at) {
    int i = Math.max(home(slot), at);
    if (i >= slots.length - 1) {
      slots = Arrays.copyOf(slots, slots.length + PAD);
    }
    slots[i] = slot;
    return i + 1;
  }

  /** Returns the two halves of this segment. */
  TableSegment[] split() {
    int upper = 0;
    long bit = Long.MIN_VALUE >>> depth;
    for (long slot : slots) {
      upper += slot != 0 && (slot & bit) != 0 ? 1 : 0;
    }
    TableSegment[] halves = {
      new TableSegment(depth + 1, used - upper), new TableSegment(depth + 1, upper)
    };
    int[] at = new int[2];
    for (long slot : slots) {
      if (slot != 0) {
        int half = (slot & bit) != 0 ? 1 : 0;
        at[half] = halves[half].append(slot, at[half]);
        halves[half].used++;
      }
    }
    return halves;
  }

  long bytes() {
    return slots.length * 8L + 64;
  }
}
