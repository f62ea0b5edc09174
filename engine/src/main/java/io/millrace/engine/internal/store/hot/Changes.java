package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed since the cold tier was last brought up to date. Every entry carries the generation
 * of its last change; sealing a cut is taking the next generation. The first change of an entry in
 * a generation passes here: older versions that a running checkpoint or a view still needs are put
 * aside before they are overwritten.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class Changes {
  /** Generation of entries as they came from the cold tier: no view needs a version below it. */
  static final int CLEAN = 1;

  private final Slabs slabs;
  private final Views views;

  /** The generation changes are made in now. */
  private int generation = CLEAN + 1;

  /** Changes up to this generation are in the cold tier for good. */
  private volatile int durable = CLEAN;

  /** Changes up to this generation may be in the cold tier. */
  private int attempted = CLEAN;

  /** Tables changed in this generation; their lists are in {@link HashTable#changed}. */
  private final List<HashTable> touched = new ArrayList<>();

  private final Deque<ChangeList> sealed = new ArrayDeque<>();
  private @Nullable Collector collector;

  private long dirtyBytes;
  private long dirtyBytesInFlight;
  private boolean mutated;
  private long count;
  private boolean waitsForDisk;
  private boolean probing;
  private boolean readingThrough;
  private boolean spacesChanged;

  public Changes(Slabs slabs, Views views) {
    this.slabs = slabs;
    this.views = views;
  }

  int generation() {
    return generation;
  }

  public int durable() {
    return durable;
  }

  public boolean mutated() {
    return mutated;
  }

  /** Number of changes ever made, to learn whether a part of an execution has made any. */
  public long count() {
    return count;
  }

  public void mutated(boolean value) {
    mutated = value;
  }

  /** True when this execution reads missing entries itself, although it has changed nothing yet. */
  boolean waitsForDisk() {
    return waitsForDisk;
  }

  public void waitsForDisk(boolean value) {
    waitsForDisk = value;
  }

  public void probing(boolean value) {
    probing = value;
  }

  /** True while missing entries are read without being kept. */
  public boolean readingThrough() {
    return readingThrough;
  }

  public void readingThrough(boolean value) {
    readingThrough = value;
  }

  /** Precedes every change; ends a probe. */
  public void mayChange() {
    if (probing) {
      throw ProbeEnd.REACHED;
    }
    if (readingThrough) {
      throw new IllegalStateException("nothing can be changed while reading through");
    }
  }

  /** Bytes of blocks that the next checkpoint has to write, and of those being written. */
  public long dirtyBytes() {
    return dirtyBytes + dirtyBytesInFlight;
  }

  /** Bytes that writers have put aside for the running checkpoint. */
  public long putAsideBytes() {
    Collector running = collector;
    return running == null ? 0 : running.overwrittenBytes();
  }

  /** A space was created or dropped. */
  void spacesChanged() {
    mutated = true;
    count++;
    spacesChanged = true;
  }

  /** Bytes of the blocks that the running checkpoint writes. */
  public long dirtyBytesInFlight() {
    return dirtyBytesInFlight;
  }

  /** Must precede every change of an existing entry. */
  void before(HashTable table, long hash, int handle, byte[] a, int b) {
    mayChange();
    mutated = true;
    count++;
    int changedIn = Block.gen(a, b);
    if (changedIn != generation) {
      firstChange(table, hash, handle, a, b, changedIn);
    }
  }

  /**
   * Must follow the creation of an entry; sets its generation.
   *
   * @param listed what {@link #listed} said about the block
   */
  void created(HashTable table, long hash, int handle, byte[] a, int b, boolean listed) {
    mutated = true;
    count++;
    Block.gen(a, b, generation);
    dirtyBytes += slabs.blockBytes(handle);
    if (!listed) {
      list(table, hash, handle);
    }
  }

  /** A changed entry has moved to another block. */
  void moved(HashTable table, long hash, int from, int to, boolean listed) {
    dirtyBytes += Math.max(0, slabs.blockBytes(to) - slabs.blockBytes(from));
    if (!listed) {
      list(table, hash, to);
    }
  }

  /** True when a block fresh from the allocator is on the table's present list from earlier use. */
  boolean listed(HashTable table, byte[] a, int b) {
    return Block.listedGeneration(a, b) == generation && Block.owner(a, b) == table.number;
  }

  private void list(HashTable table, long hash, int handle) {
    ChangeList list = table.changed;
    if (list == null) {
      list = new ChangeList(table, generation);
      table.changed = list;
      touched.add(table);
    }
    list.add(HashTable.slot(hash, handle));
  }

  /** True when a removed entry must leave a tombstone. Asked after {@link #before}. */
  boolean needsTombstone(byte[] a, int b, int changedIn, long hash) {
    return (Block.meta(a, b) & Block.COLD) != 0
        || views.mayNeed(changedIn)
        || views.keepsOlder(a, b, hash);
  }

  /** True when the cold tier holds the entry as it is and every view finds it there too. */
  public boolean evictable(int changedIn) {
    return changedIn <= durable && changedIn <= views.oldestColdGeneration();
  }

  /** True when the cold tier holds the newest version of an entry. */
  boolean clean(int changedIn) {
    return changedIn <= durable;
  }

  /** Entries changed up to this generation are {@link #evictable}. */
  int evictableGeneration() {
    return Math.min(durable, views.oldestColdGeneration());
  }

  private void firstChange(HashTable table, long hash, int handle, byte[] a, int b, int changedIn) {
    views.preserve(a, b, changedIn, generation);
    Collector running = collector;
    if (running != null && changedIn > durable && changedIn <= running.generation()) {
      running.overwriting(table, a, b);
    }
    if (changedIn <= attempted) {
      dirtyBytes += slabs.blockBytes(handle);
      Block.meta(a, b, Block.meta(a, b) | Block.COLD);
    }
    Block.gen(a, b, generation);
    list(table, hash, handle);
  }

  /** Ends the current generation and returns its number. */
  public int seal() {
    if (!touched.isEmpty() || spacesChanged) {
      spacesChanged = false;
      generation++;
      for (HashTable table : touched) {
        ChangeList list = table.changed;
        if (list != null) {
          sealed.addLast(list);
          table.changed = null;
        }
      }
      touched.clear();
    }
    return generation - 1;
  }

  /** Seals for a checkpoint; from now on overwritten versions go to the collector. */
  public int sealFor(Collector newCollector) {
    int seal = seal();
    attempted = seal;
    dirtyBytesInFlight = dirtyBytes;
    dirtyBytes = 0;
    collector = newCollector;
    newCollector.start(sealed, durable, seal);
    return seal;
  }

  /** All entries of the cut have been collected. */
  public void collected() {
    collector = null;
  }

  /** The checkpoint of a cut is durable. */
  public void durable(int seal) {
    durable = seal;
    dirtyBytesInFlight = 0;
    while (!sealed.isEmpty() && sealed.getFirst().generation <= seal) {
      sealed.removeFirst();
    }
  }

  /** The checkpoint failed: everything stays dirty. */
  public void failed() {
    collector = null;
    dirtyBytes += dirtyBytesInFlight;
    dirtyBytesInFlight = 0;
  }
}
