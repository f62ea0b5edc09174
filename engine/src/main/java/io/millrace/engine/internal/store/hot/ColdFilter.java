package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;
import java.util.Arrays;

/**
 * Which entries of a table may exist on disk only: a cuckoo filter with deletion. It names each
 * such entry at least once, so "no" is certain; one "yes" in some thousands is wrong.
 *
 * <p>It grows by layers, each four times as large as the one before, because fingerprints cannot be
 * moved to a larger array. Bucket numbers of a smaller layer are the low bits of those of a larger
 * one; deletion looks at the largest layer first. If it then takes the fingerprint of another
 * entry, the two share their buckets in every smaller layer too, so the copy left behind serves the
 * other.
 */
@HotPath(benchmark = "StoreBenchmark")
final class ColdFilter {
  private static final int FIRST_BUCKETS = 64;
  private static final int PER_BUCKET = 4;
  private static final int MAX_KICKS = 200;
  private static final long ONES = 0x0001000100010001L;
  private static final long TOPS = 0x8000800080008000L;

  /** Fingerprints of 16 bits, four to a bucket; 0 is free. */
  private static final class Layer {
    final long[] buckets;
    final int mask;
    int used;

    /** Fingerprints that found no room: bucket and fingerprint. */
    long[] stash = new long[0];

    Layer(int size) {
      buckets = new long[size];
      mask = size - 1;
    }

    boolean full() {
      return used >= buckets.length * PER_BUCKET / 10 * 9;
    }

    int other(int bucket, int print) {
      return (bucket ^ print * 0x5BD1E995) & mask;
    }

    boolean contains(int bucket, int print) {
      int second = other(bucket, print);
      return has(buckets[bucket], print)
          || has(buckets[second], print)
          || stash.length > 0 && stashed(bucket, second, print) >= 0;
    }

    private int stashed(int bucket, int second, int print) {
      for (int i = 0; i < stash.length; i++) {
        int at = (int) (stash[i] >>> 16);
        if ((stash[i] & 0xFFFF) == print && (at == bucket || at == second)) {
          return i;
        }
      }
      return -1;
    }

    void add(int bucket, int print) {
      used++;
      if (place(bucket, print) || place(other(bucket, print), print)) {
        return;
      }
      int at = bucket;
      int homeless = print;
      for (int kick = 0; kick < MAX_KICKS; kick++) {
        int shift = (kick + homeless & 3) * 16;
        int victim = (int) (buckets[at] >>> shift) & 0xFFFF;
        buckets[at] = buckets[at] & ~(0xFFFFL << shift) | (long) homeless << shift;
        homeless = victim;
        at = other(at, homeless);
        if (place(at, homeless)) {
          return;
        }
      }
      stash = Arrays.copyOf(stash, stash.length + 1);
      stash[stash.length - 1] = (long) at << 16 | homeless;
    }

    private boolean place(int bucket, int print) {
      long held = buckets[bucket];
      for (int shift = 0; shift < 64; shift += 16) {
        if ((held >>> shift & 0xFFFF) == 0) {
          buckets[bucket] = held | (long) print << shift;
          return true;
        }
      }
      return false;
    }

    boolean remove(int bucket, int print) {
      int second = other(bucket, print);
      if (take(bucket, print) || take(second, print)) {
        used--;
        return true;
      }
      int at = stash.length == 0 ? -1 : stashed(bucket, second, print);
      if (at < 0) {
        return false;
      }
      stash[at] = stash[stash.length - 1];
      stash = Arrays.copyOf(stash, stash.length - 1);
      used--;
      return true;
    }

    private boolean take(int bucket, int print) {
      long held = buckets[bucket];
      for (int shift = 0; shift < 64; shift += 16) {
        if ((held >>> shift & 0xFFFF) == print) {
          buckets[bucket] = held & ~(0xFFFFL << shift);
          return true;
        }
      }
      return false;
    }

    private static boolean has(long held, int print) {
      long difference = held ^ ONES * print;
      return (difference - ONES & ~difference & TOPS) != 0;
    }
  }

  private Layer[] layers;
  private boolean complete;

  private ColdFilter(int buckets, boolean complete) {
    this.layers = new Layer[] {new Layer(buckets)};
    this.complete = complete;
  }

  /** A filter of a table that has no entry on disk only. */
  static ColdFilter empty() {
    return new ColdFilter(FIRST_BUCKETS, true);
  }

  /** A filter that is being filled from disk; it is of no use before {@link #completed}. */
  static ColdFilter forEntries(long entries) {
    long buckets = Math.max(FIRST_BUCKETS, Long.highestOneBit(entries / 3) << 1);
    return new ColdFilter((int) Math.min(buckets, 1 << 28), false);
  }

  /** Memory a filter for this many entries takes. */
  static long estimateBytes(long entries) {
    return Math.max(FIRST_BUCKETS, Long.highestOneBit(entries / 3) << 1) * 8;
  }

  boolean complete() {
    return complete;
  }

  void completed() {
    complete = true;
  }

  /** False when no entry with this hash exists on disk only. */
  boolean mayContain(long hash) {
    int print = print(hash);
    for (Layer layer : layers) {
      if (layer.contains(bucket(hash) & layer.mask, print)) {
        return true;
      }
    }
    return false;
  }

  void add(long hash) {
    Layer roomy = null;
    for (int i = layers.length - 1; i >= 0 && roomy == null; i--) {
      roomy = layers[i].full() ? null : layers[i];
    }
    if (roomy == null) {
      roomy = new Layer(layers[layers.length - 1].buckets.length * 4);
      layers = Arrays.copyOf(layers, layers.length + 1);
      layers[layers.length - 1] = roomy;
    }
    roomy.add(bucket(hash) & roomy.mask, print(hash));
  }

  /** Removes one entry with this hash. While the filter is being filled this does nothing. */
  void remove(long hash) {
    if (!complete) {
      return;
    }
    int print = print(hash);
    for (int i = layers.length - 1; i >= 0; i--) {
      if (layers[i].remove(bucket(hash) & layers[i].mask, print)) {
        return;
      }
    }
    throw new IllegalStateException("not in the filter: hash=" + Long.toHexString(hash));
  }

  long bytes() {
    long sum = 0;
    for (Layer layer : layers) {
      sum += layer.buckets.length * 8L + layer.stash.length * 8L + 48;
    }
    return sum;
  }

  private static int print(long hash) {
    int print = (int) hash & 0xFFFF;
    return print == 0 ? 1 : print;
  }

  private static int bucket(long hash) {
    return (int) (hash >>> 16);
  }
}
