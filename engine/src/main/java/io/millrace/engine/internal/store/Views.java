package io.millrace.engine.internal.store;

import io.millrace.engine.state.HotPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cuts that readers look at, and the versions kept for them. A view is sealed at a generation
 * and has a RocksDB snapshot that holds everything up to an older one; what changed between the two
 * is in memory: either still the newest version, or put aside here when it was overwritten.
 */
@HotPath(benchmark = "StoreBenchmark")
final class Views {
  /** A cut under observation. */
  static final class View {
    final int seal;
    final int coldGeneration;
    boolean tooOld;

    View(int seal, int coldGeneration) {
      this.seal = seal;
      this.coldGeneration = coldGeneration;
    }

    /** True when this view needs the version that was last changed in a generation. */
    boolean needs(int changedIn) {
      return changedIn <= seal && changedIn > coldGeneration && !tooOld;
    }
  }

  /** An overwritten entry. */
  static final class Version {
    final long hash;
    final int changedIn;

    /** First generation that does not see this version. */
    final int replacedIn;

    final byte[] block;
    final @Nullable Version next;

    Version(long hash, int changedIn, int replacedIn, byte[] block, @Nullable Version next) {
      this.hash = hash;
      this.changedIn = changedIn;
      this.replacedIn = replacedIn;
      this.block = block;
      this.next = next;
    }
  }

  private static final int VERSION_OVERHEAD = 64;
  private static final int MIN_BUCKETS = 64;

  private final long seed;
  private final long budget;
  private final Slabs slabs;
  private final List<View> views = new ArrayList<>();
  private int newestSeal;
  private int oldestColdGeneration = Integer.MAX_VALUE;

  private @Nullable Version[] buckets = new @Nullable Version[MIN_BUCKETS];
  private int versions;
  private long bytes;

  Views(long seed, long budget, Slabs slabs) {
    this.slabs = slabs;
    this.seed = seed;
    this.budget = budget;
  }

  View open(int seal, int coldGeneration) {
    View view = new View(seal, coldGeneration);
    views.add(view);
    refresh();
    return view;
  }

  void close(View view) {
    views.remove(view);
    refresh();
    drop();
  }

  /** No entry changed after this generation may leave memory. */
  int oldestColdGeneration() {
    return oldestColdGeneration;
  }

  /** True when a view may see the version that was last changed in a generation. */
  boolean mayNeed(int changedIn) {
    return changedIn <= newestSeal;
  }

  /** True when some view sees the state before a generation. */
  boolean anySealedBefore(int generation) {
    for (View view : views) {
      if (view.seal < generation && !view.tooOld) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of the versions put aside. */
  long bytes() {
    return bytes;
  }

  /** Puts the present version of an entry aside if a view needs it. */
  void preserve(byte[] a, int b, int changedIn, int generation) {
    if (changedIn > newestSeal) {
      return;
    }
    for (View view : views) {
      if (view.needs(changedIn)) {
        put(a, b, changedIn, generation);
        return;
      }
    }
  }

  private void put(byte[] a, int b, int changedIn, int generation) {
    byte[] copy = new byte[Block.size(a, b)];
    System.arraycopy(a, b, copy, 0, copy.length);
    long hash = Block.hash(a, b, seed);
    if (versions >= buckets.length) {
      rehash(buckets.length * 2);
    }
    int bucket = bucket(hash);
    buckets[bucket] = new Version(hash, changedIn, generation, copy, buckets[bucket]);
    versions++;
    account(copy.length + VERSION_OVERHEAD);
    if (bytes > budget) {
      giveUpOldest();
    }
  }

  /** The version of a key that a view sees, as a block, if it was put aside. */
  byte @Nullable [] find(View view, int owner, byte[] key, int offset, int length, long hash) {
    for (Version v = buckets[bucket(hash)]; v != null; v = v.next) {
      if (v.hash == hash
          && v.changedIn <= view.seal
          && v.replacedIn > view.seal
          && Block.owner(v.block, 0) == owner
          && Block.keyEquals(v.block, 0, key, offset, length)) {
        return v.block;
      }
    }
    return null;
  }

  /** True when an older version of an entry is kept: scans find it by way of the entry. */
  boolean keepsOlder(byte[] a, int b, long hash) {
    if (versions == 0) {
      return false;
    }
    int meta = Block.meta(a, b);
    int keyAt = b + Block.keyAt(meta);
    int owner = Block.owner(a, b);
    for (Version v = buckets[bucket(hash)]; v != null; v = v.next) {
      if (v.hash == hash
          && Block.owner(v.block, 0) == owner
          && Block.keyEquals(v.block, 0, a, keyAt, Block.keyLength(meta))) {
        return true;
      }
    }
    return false;
  }

  /** Gives all views up: what they would read from the cold tier is gone. */
  void giveUpAll() {
    for (View view : views) {
      view.tooOld = true;
    }
    refresh();
    drop();
  }

  private void giveUpOldest() {
    for (View view : views) {
      if (!view.tooOld) {
        view.tooOld = true;
        refresh();
        drop();
        return;
      }
    }
  }

  private void refresh() {
    newestSeal = 0;
    oldestColdGeneration = Integer.MAX_VALUE;
    for (View view : views) {
      if (!view.tooOld) {
        newestSeal = Math.max(newestSeal, view.seal);
        oldestColdGeneration = Math.min(oldestColdGeneration, view.coldGeneration);
      }
    }
  }

  /** Drops the versions no view needs any more. */
  private void drop() {
    if (newestSeal == 0) {
      buckets = new @Nullable Version[MIN_BUCKETS];
      versions = 0;
      account(-bytes);
    } else {
      rehash(buckets.length);
    }
  }

  private void rehash(int size) {
    @Nullable Version[] old = buckets;
    buckets = new @Nullable Version[size];
    versions = 0;
    account(-bytes);
    for (Version head : old) {
      for (Version v = head; v != null; v = v.next) {
        if (needed(v)) {
          int to = bucket(v.hash);
          buckets[to] = new Version(v.hash, v.changedIn, v.replacedIn, v.block, buckets[to]);
          versions++;
          account(v.block.length + VERSION_OVERHEAD);
        }
      }
    }
  }

  private boolean needed(Version v) {
    for (View view : views) {
      if (view.needs(v.changedIn) && v.replacedIn > view.seal) {
        return true;
      }
    }
    return false;
  }

  private void account(long delta) {
    bytes += delta;
    slabs.addSideBytes(delta);
  }

  private int bucket(long hash) {
    return (int) (hash >>> 20) & buckets.length - 1;
  }
}
