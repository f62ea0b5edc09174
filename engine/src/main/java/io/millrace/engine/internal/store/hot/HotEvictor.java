package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;

/**
 * Keeps the hot tier within its budget. A hand passes over the chunks of the slabs; an entry that
 * was found since the hand's last visit gets a second chance, any other clean one leaves memory.
 * Freed blocks serve new entries of their size; only when the chunks themselves outgrow the budget
 * are the survivors of a chunk moved together, so that the chunk can be given back.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class HotEvictor {
  private static final int STEP = 64;

  private final long seed;
  private final SpaceRegistry registry;
  private final Changes changes;
  private final Residency residency;
  private final Slabs slabs;
  private final long budget;

  private int chunk = 1;
  private int slot;
  private boolean moving;

  /** Times the hand went all around since it last freed something. */
  private int fruitlessRounds;

  private boolean stuck;
  private int stuckAt;
  private long evicted;

  public HotEvictor(
      long seed,
      long budget,
      SpaceRegistry registry,
      Changes changes,
      Residency residency,
      Slabs slabs) {
    this.seed = seed;
    this.budget = budget;
    this.registry = registry;
    this.changes = changes;
    this.residency = residency;
    this.slabs = slabs;
  }

  /** Entries that have left memory. */
  public long evicted() {
    return evicted;
  }

  public boolean overBudget() {
    return entriesOverBudget() || chunksOverBudget();
  }

  private boolean entriesOverBudget() {
    return slabs.liveBytes() + slabs.sideBytes() > budget - (budget >> 4);
  }

  private boolean chunksOverBudget() {
    return slabs.committedBytes() + slabs.sideBytes() > budget;
  }

  /** True when nothing can leave memory before another checkpoint is durable. */
  public boolean stuck() {
    return stuck && stuckAt == changes.evictableGeneration() && overBudget();
  }

  /**
   * Evicts until the budget is kept, nothing is left to evict, or time is up.
   *
   * @return true when time was up and another call would go on
   */
  public boolean run(long deadlineNanos) {
    while (overBudget() && !stuck()) {
      stuck = false;
      for (int i = 0; i < STEP; i++) {
        step();
      }
      if (fruitlessRounds > 2) {
        stuck = true;
        stuckAt = changes.evictableGeneration();
        fruitlessRounds = 0;
      }
      if (System.nanoTime() >= deadlineNanos) {
        return overBudget() && !stuck();
      }
    }
    return false;
  }

  private void step() {
    if (chunk >= slabs.chunkCount()) {
      chunk = 1;
      slot = 0;
      moving = false;
      fruitlessRounds++;
      return;
    }
    if (slot >= slabs.blocksOf(chunk)) {
      endOfChunk();
      return;
    }
    int handle = Slabs.handle(chunk, slot++);
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    int changedIn = Block.gen(a, b);
    if (changedIn == 0) {
      return;
    }
    HashTable table = registry.table(Block.owner(a, b));
    if (!table.space.inUse()) {
      return;
    }
    if (!moving) {
      if (changes.evictable(changedIn)) {
        visit(table, handle, a, b);
      }
    } else if (changes.clean(changedIn) && (Block.meta(a, b) & Block.TOMBSTONE) == 0) {
      move(table, handle, a, b);
    }
  }

  private void endOfChunk() {
    if (!moving && chunksOverBudget() && slabs.close(chunk)) {
      moving = true;
    } else {
      moving = false;
      chunk++;
    }
    slot = 0;
  }

  private void visit(HashTable table, int handle, byte[] a, int b) {
    int meta = Block.meta(a, b);
    if ((meta & Block.REFERENCED) != 0) {
      Block.meta(a, b, meta & ~Block.REFERENCED);
      return;
    }
    long hash = Block.hash(a, b, seed);
    if ((meta & Block.TOMBSTONE) == 0) {
      table.resident--;
      residency.evicted(table, hash);
    }
    table.remove(hash, handle);
    slabs.free(handle);
    evicted++;
    fruitlessRounds = 0;
  }

  /**
   * Moves a survivor to another chunk of its class. Only clean entries move: change lists and lists
   * of tombstones name the others by handle.
   */
  private void move(HashTable table, int handle, byte[] a, int b) {
    int size = slabs.blockBytes(handle);
    int to = slabs.allocate(size);
    if (Slabs.chunkOf(to) == chunk) {
      slabs.free(to);
      return;
    }
    byte[] ta = slabs.array(to);
    System.arraycopy(a, b, ta, slabs.offset(to), size);
    table.move(Block.hash(a, b, seed), handle, to);
    slabs.free(handle);
    fruitlessRounds = 0;
  }
}
