package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * Overwritten entries that views still see, by hash of their key. Split into parts that grow and
 * are swept one at a time, so that no call takes long however many versions there are.
 */
@HotPath(benchmark = "StoreBenchmark")
final class Versions {
  /** An overwritten entry. */
  static final class Version {
    final long hash;
    final int changedIn;

    /** First generation that does not see this version. */
    final int replacedIn;

    final byte[] block;
    @Nullable Version next;

    Version(long hash, int changedIn, int replacedIn, byte[] block) {
      this.hash = hash;
      this.changedIn = changedIn;
      this.replacedIn = replacedIn;
      this.block = block;
    }
  }

  /** Says which versions must stay. */
  interface Needs {
    /** True when some view sees the version. */
    boolean needed(Version version);
  }

  private static final int PARTS = 256;
  private static final int OVERHEAD = 64;
  private static final int FIRST_BUCKETS = 16;

  /** One part: a chained hash table. */
  private static final class Part {
    @Nullable Version[] buckets = new @Nullable Version[FIRST_BUCKETS];
    int size;
  }

  private @Nullable Part[] parts = new @Nullable Part[PARTS];
  private int size;
  private long bytes;
  private int sweep = PARTS;

  boolean isEmpty() {
    return size == 0;
  }

  long bytes() {
    return bytes;
  }

  void add(Version version) {
    int number = (int) (version.hash >>> 56);
    Part part = parts[number];
    if (part == null) {
      part = new Part();
      parts[number] = part;
    }
    if (part.size >= part.buckets.length) {
      grow(part);
    }
    link(part.buckets, version);
    part.size++;
    size++;
    bytes += version.block.length + OVERHEAD;
  }

  /** First version whose hash falls into the same bucket; follow {@code next}. */
  @Nullable Version first(long hash) {
    Part part = parts[(int) (hash >>> 56)];
    return part == null ? null : part.buckets[bucket(hash, part.buckets.length)];
  }

  /** Drops all versions. */
  void clear() {
    if (size > 0) {
      parts = new @Nullable Part[PARTS];
      size = 0;
      bytes = 0;
    }
    sweep = PARTS;
  }

  /** From now on {@link #sweep} looks at all parts again. */
  void startSweep() {
    sweep = 0;
  }

  boolean sweeping() {
    return sweep < PARTS;
  }

  /** Drops what is not needed from the next part. */
  void sweep(Needs needs) {
    Part part = parts[sweep];
    if (part != null) {
      for (int i = 0; i < part.buckets.length; i++) {
        part.buckets[i] = sweepChain(part, part.buckets[i], needs);
      }
      if (part.size == 0) {
        parts[sweep] = null;
      }
    }
    sweep++;
  }

  private @Nullable Version sweepChain(Part part, @Nullable Version head, Needs needs) {
    Version kept = null;
    Version version = head;
    while (version != null) {
      Version next = version.next;
      if (needs.needed(version)) {
        version.next = kept;
        kept = version;
      } else {
        part.size--;
        size--;
        bytes -= version.block.length + OVERHEAD;
      }
      version = next;
    }
    return kept;
  }

  private static void grow(Part part) {
    @Nullable Version[] old = part.buckets;
    part.buckets = new @Nullable Version[old.length * 2];
    for (Version head : old) {
      Version version = head;
      while (version != null) {
        Version next = version.next;
        link(part.buckets, version);
        version = next;
      }
    }
  }

  private static void link(@Nullable Version[] buckets, Version version) {
    int bucket = bucket(version.hash, buckets.length);
    version.next = buckets[bucket];
    buckets[bucket] = version;
  }

  private static int bucket(long hash, int buckets) {
    return (int) (hash >>> 24) & buckets - 1;
  }
}
