package io.millrace.engine.internal.store.hot;

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
public final class Views {
  /** A cut under observation. */
  public static final class View {
    public final int seal;
    public final int coldGeneration;
    public boolean tooOld;

    View(int seal, int coldGeneration) {
      this.seal = seal;
      this.coldGeneration = coldGeneration;
    }

    /** True when this view needs the version that was last changed in a generation. */
    boolean needs(int changedIn) {
      return changedIn <= seal && changedIn > coldGeneration && !tooOld;
    }
  }

  private final long seed;
  private final long budget;
  private final Slabs slabs;
  private final List<View> views = new ArrayList<>();
  private int newestSeal;
  private int oldestColdGeneration = Integer.MAX_VALUE;

  private final Versions versions = new Versions();
  private long accounted;

  public Views(long seed, long budget, Slabs slabs) {
    this.slabs = slabs;
    this.seed = seed;
    this.budget = budget;
  }

  public View open(int seal, int coldGeneration) {
    View view = new View(seal, coldGeneration);
    views.add(view);
    refresh();
    return view;
  }

  public void close(View view) {
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
    return versions.bytes();
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
    versions.add(new Versions.Version(Block.hash(a, b, seed), changedIn, generation, copy));
    account();
    if (versions.bytes() > budget) {
      if (versions.sweeping()) {
        versions.sweep(this::needed);
        account();
      } else {
        giveUpOldest();
      }
    }
  }

  /** The version of a key that a view sees, as a block, if it was put aside. */
  public byte @Nullable [] find(
      View view, int owner, byte[] key, int offset, int length, long hash) {
    for (Versions.Version v = versions.first(hash); v != null; v = v.next) {
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
    if (versions.isEmpty()) {
      return false;
    }
    int meta = Block.meta(a, b);
    int keyAt = b + Block.keyAt(meta);
    int owner = Block.owner(a, b);
    for (Versions.Version v = versions.first(hash); v != null; v = v.next) {
      if (v.hash == hash
          && Block.owner(v.block, 0) == owner
          && Block.keyEquals(v.block, 0, a, keyAt, Block.keyLength(meta))) {
        return true;
      }
    }
    return false;
  }

  /** Gives all views up: what they would read from the cold tier is gone. */
  public void giveUpAll() {
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

  /** Lets the versions go that no view needs any more: all at once, or by {@link #sweep}. */
  private void drop() {
    if (newestSeal == 0) {
      versions.clear();
      account();
    } else if (!versions.isEmpty()) {
      versions.startSweep();
    }
  }

  /**
   * Drops versions no view needs any more.
   *
   * @return true when there is nothing more to drop
   */
  public boolean sweep(long deadlineNanos) {
    while (versions.sweeping()) {
      versions.sweep(this::needed);
      account();
      if (System.nanoTime() >= deadlineNanos) {
        return !versions.sweeping();
      }
    }
    return true;
  }

  private boolean needed(Versions.Version v) {
    for (View view : views) {
      if (view.needs(v.changedIn) && v.replacedIn > view.seal) {
        return true;
      }
    }
    return false;
  }

  private void account() {
    slabs.addSideBytes(versions.bytes() - accounted);
    accounted = versions.bytes();
  }
}
