package io.millrace.engine.internal.store;

import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.internal.store.cold.RocksTier;
import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.internal.store.cut.Cut;
import io.millrace.engine.internal.store.cut.CutInfo;
import io.millrace.engine.internal.store.cut.CutMeta;
import io.millrace.engine.internal.store.cut.CutWriter;
import io.millrace.engine.internal.store.cut.Snapshots;
import io.millrace.engine.internal.store.cut.Tiers;
import io.millrace.engine.internal.store.hot.AccessClock;
import io.millrace.engine.internal.store.hot.Changes;
import io.millrace.engine.internal.store.hot.ColdRead;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.internal.store.hot.FilterRebuild;
import io.millrace.engine.internal.store.hot.HashTable;
import io.millrace.engine.internal.store.hot.HotEvictor;
import io.millrace.engine.internal.store.hot.ProbeEnd;
import io.millrace.engine.internal.store.hot.Residency;
import io.millrace.engine.internal.store.hot.Rollback;
import io.millrace.engine.internal.store.hot.Slabs;
import io.millrace.engine.internal.store.hot.SpaceRegistry;
import io.millrace.engine.internal.store.hot.TaskStore;
import io.millrace.engine.internal.store.hot.UndoLog;
import io.millrace.engine.internal.store.hot.Views;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.table.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * State of all tasks of a node: entries in memory over entries in RocksDB.
 *
 * <p>Unless a method says otherwise it requires the execution lock. {@link #checkpoint} and {@link
 * #read} run on other threads, without it.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class TieredStore implements AutoCloseable {
  /** Writes up to this size do not wait as early as larger ones, in bytes. */
  private static final int SMALL_WRITE = 64 << 10;

  private final StoreConfig config;
  private final ColdTier cold;
  private final Slabs slabs = new Slabs();
  private final Views views;
  private final Changes changes;
  private final UndoLog undo = new UndoLog();
  private final AccessClock clock = new AccessClock();
  private final TaskStore[] tasks;
  private final SpaceRegistry registry;
  private final Residency residency;
  private final CutWriter checkpointer;
  private final HotEvictor evictor;
  private final Snapshots snapshots;
  private final Rollback rollback;
  private final @Nullable CutInfo lastCut;

  private final List<Space> createdInScope = new ArrayList<>();
  private final List<Space> droppedInScope = new ArrayList<>();
  private boolean mutatedBeforeScope;
  private final FilterRebuild rebuild;
  private volatile @Nullable Thread learner;
  private volatile boolean checkpointsCome;

  private TieredStore(StoreConfig config, ExecutionLock lock, ColdTier cold) {
    this.config = config;
    this.cold = cold;
    this.views = new Views(config.hashSeed(), config.preservedBytes(), slabs);
    this.changes = new Changes(slabs, views);
    long seed = config.hashSeed();
    long budget = config.hotMemoryBytes();
    this.tasks = new TaskStore[config.tasks()];
    this.registry = new SpaceRegistry(slabs, changes, views, tasks);
    this.residency = new Residency(budget, cold, registry, tasks, slabs, changes, clock);
    for (int task = 0; task < tasks.length; task++) {
      tasks[task] = new TaskStore(task, seed, registry, residency, slabs, changes, undo, clock);
    }
    this.evictor = new HotEvictor(seed, budget, registry, changes, residency, slabs);
    this.rebuild = new FilterRebuild(seed, registry, residency, lock);
    this.rollback = new Rollback(seed, registry, tasks);
    Tiers tiers = new Tiers(seed, slabs, views, cold, lock);
    this.checkpointer = new CutWriter(tiers, tasks.length, registry, changes);
    this.snapshots = new Snapshots(tiers, tasks.length, registry, changes);
    byte[] meta = cold.get(0, ColdTier.META_KEY);
    this.lastCut = meta == null ? null : restore(CutMeta.decode(meta));
  }

  /** Opens the store in a directory at its last durable cut. */
  public static TieredStore open(StoreConfig config, ExecutionLock lock) {
    return open(config, lock, RocksTier.open(config.directory(), config.blockCacheBytes()));
  }

  /** Opens the store over a cold tier, which is closed with it. */
  static TieredStore open(StoreConfig config, ExecutionLock lock, ColdTier cold) {
    try {
      return new TieredStore(config, lock, cold);
    } catch (RuntimeException e) {
      cold.close();
      throw e;
    }
  }

  private CutInfo restore(CutMeta meta) {
    if (meta.nextIds().length != tasks.length) {
      throw new IllegalStateException(
          "directory was made with another number of tasks: directory="
              + meta.nextIds().length
              + " configured="
              + tasks.length);
    }
    registry.restore(meta.spaces(), meta.nextSpace());
    for (CutMeta.Count count : meta.counts()) {
      registry.newTable(count.task(), count.space()).count = count.entries();
    }
    for (int task = 0; task < tasks.length; task++) {
      tasks[task].setNextId(meta.nextIds()[task]);
      tasks[task].setNewId(meta.newIds()[task]);
      tasks[task].lastPosition(meta.lastPositions()[task]);
    }
    return new CutInfo(meta.position(), meta.stampMs(), meta.runtimeMeta());
  }

  /** The durable cut this store was opened at, or null when it was empty. */
  public @Nullable CutInfo lastCut() {
    return lastCut;
  }

  /** Number of tasks. */
  public int tasks() {
    return tasks.length;
  }

  /** State of a task. */
  public TaskState task(int taskId) {
    return tasks[taskId];
  }

  /** True when {@link TaskState#newId} has a counter of its own, on every task. */
  public boolean idsStarted() {
    return tasks[tasks.length - 1].peekNewId() != 0;
  }

  /** What {@link TaskState#nextId} returns next on a task. */
  public long peekNextId(int taskId) {
    return tasks[taskId].peekNextId();
  }

  /** What {@link TaskState#newId} returns next on a task whose ids have been started. */
  public long peekNewId(int taskId) {
    return tasks[taskId].peekNewId();
  }

  /** Gives {@link TaskState#newId} a counter of its own on a task. */
  public void startIds(int taskId, long first) {
    tasks[taskId].startIds(first);
  }

  /** Notes the journal position of the newest record of a task. */
  public void lastPosition(int taskId, long position) {
    tasks[taskId].lastPosition(position);
  }

  /** Sets the access clock that new entries get. */
  public void clock(int seconds) {
    clock.seconds(seconds);
  }

  SpaceRegistry registry() {
    return registry;
  }

  /** True when state has been changed since {@link #clearMutated}. */
  public boolean mutated() {
    return changes.mutated();
  }

  /** Number of changes of state ever made in this process. */
  public long changeCount() {
    return changes.count();
  }

  /** Makes look-ups of missing entries wait for the disk instead of throwing. */
  public void markMutated() {
    changes.mutated(true);
  }

  /** Starts an execution: nothing is changed yet. */
  public void clearMutated() {
    changes.mutated(false);
    changes.waitsForDisk(false);
  }

  /**
   * Makes this execution read missing entries itself, with the lock held, instead of ending it at
   * each: for one that was begun again and again. A read that goes far beyond the budget ends with
   * {@link io.millrace.engine.state.ReadTooLargeException}.
   */
  public void waitForDisk() {
    changes.waitsForDisk(true);
  }

  /**
   * Runs something only to learn which entry it misses.
   *
   * @return the missing entry, or null when it ended, or wanted to change something, before
   */
  public @Nullable NotResidentException probe(Runnable execution) {
    if (undo.active()) {
      throw new IllegalStateException("cannot probe inside an execution");
    }
    clearMutated();
    changes.probing(true);
    try {
      execution.run();
      return null;
    } catch (NotResidentException missing) {
      return missing;
    } catch (ProbeEnd reached) {
      return null;
    } finally {
      changes.probing(false);
    }
  }

  /**
   * Runs a read of any amount of state: what is not in memory is read from disk, with the lock
   * held, and not kept.
   *
   * @throws IllegalStateException when it changes something
   */
  public void readThrough(Runnable read) {
    boolean before = changes.readingThrough();
    changes.readingThrough(true);
    try {
      read.run();
    } finally {
      changes.readingThrough(before);
    }
  }

  /** Precedes every effect of an execution that is no change of an entry; ends a probe. */
  public void mayChange() {
    changes.mayChange();
  }

  /** From now on changes can be undone. Scopes do not nest. */
  public void beginUndo() {
    changes.mayChange();
    undo.begin();
    mutatedBeforeScope = changes.mutated();
  }

  /** Keeps the changes since {@link #beginUndo}. */
  public void commitUndo() {
    if (undo.idRecords() > 0) {
      // An execution begun again from here would take others.
      changes.mutated(true);
    }
    undo.end();
    createdInScope.clear();
    droppedInScope.forEach(registry::drop);
    droppedInScope.clear();
  }

  /** Takes back all changes since {@link #beginUndo}. */
  public void rollback() {
    changes.mutated(true);
    droppedInScope.forEach(registry::unhide);
    droppedInScope.clear();
    undo.rollback(rollback);
    for (int record = undo.idRecords() - 1; record >= 0; record--) {
      TaskStore task = tasks[undo.idTask(record)];
      if (undo.isNewId(record)) {
        task.setNewId(undo.idValue(record));
      } else {
        task.setNextId(undo.idValue(record));
      }
    }
    undo.end();
    for (int i = createdInScope.size() - 1; i >= 0; i--) {
      registry.uncreate(createdInScope.get(i));
    }
    createdInScope.clear();
    changes.mutated(mutatedBeforeScope);
  }

  /** Creates an empty space; see {@code Execution.createSpace}. */
  public int createSpace(int family, SpaceOrder order) {
    changes.mayChange();
    if (family < 1) {
      throw new IllegalArgumentException("family must be positive: family=" + family);
    }
    Space space = registry.create(family, order);
    if (undo.active()) {
      createdInScope.add(space);
    }
    return space.id;
  }

  /** Drops a space; see {@code Execution.dropSpace}. */
  public void dropSpace(int id) {
    changes.mayChange();
    Space space = registry.space(id);
    registry.hide(space);
    if (undo.active()) {
      droppedInScope.add(space);
    } else {
      registry.drop(space);
    }
  }

  /** Bytes that may be read for those who wait now; shared by the threads that read for them. */
  public AtomicLong readBudget() {
    return new AtomicLong(config.hotMemoryBytes() / 16);
  }

  /**
   * Reads missing entries from disk together, until a budget is used up: what is left is missed
   * again. The first user of a budget reads at least one entry. Must be called without the lock.
   */
  public List<ColdRead> read(List<NotResidentException> missing, AtomicLong budget) {
    return residency.read(missing, budget);
  }

  /** Puts what was read into memory, unless it is void by now. */
  public void install(ColdRead read) {
    residency.install(read);
  }

  /**
   * Seals the state as it is now for a checkpoint. The cut must then be given to {@link
   * #checkpoint}; only one can be under way.
   *
   * @param runtimeMeta opaque bytes that {@link #lastCut} returns after a restart
   */
  public Cut seal(long journalPosition, long stampMs, byte[] runtimeMeta) {
    if (undo.active()) {
      throw new IllegalStateException("cannot seal inside an execution");
    }
    return checkpointer.seal(meta(journalPosition, stampMs, runtimeMeta));
  }

  private CutMeta meta(long position, long stampMs, byte[] runtimeMeta) {
    List<CutMeta.Count> counts = new ArrayList<>();
    for (int i = 1; i < registry.tableNumbers(); i++) {
      HashTable table = registry.tableOrNull(i);
      if (table != null && table.space.inUse() && table.count > 0) {
        counts.add(new CutMeta.Count(table.task, table.space.id, table.count));
      }
    }
    long[] nextIds = new long[tasks.length];
    long[] newIds = new long[tasks.length];
    long[] lastPositions = new long[tasks.length];
    for (int task = 0; task < tasks.length; task++) {
      nextIds[task] = tasks[task].peekNextId();
      newIds[task] = tasks[task].peekNewId();
      lastPositions[task] = tasks[task].lastPosition();
    }
    return new CutMeta(
        position,
        stampMs,
        registry.nextSpace(),
        registry.spacesInUse(),
        counts,
        nextIds,
        newIds,
        lastPositions,
        runtimeMeta);
  }

  /**
   * Makes a sealed cut durable. Must be called without the lock; the journal must be synced through
   * the cut's position before.
   *
   * @throws io.millrace.engine.internal.store.cold.StoreFullException when the disk is full;
   *     everything stays in memory, and a cut sealed later contains it
   */
  public void checkpoint(Cut cut) {
    checkpointer.write(cut);
  }

  /** Gives up a sealed cut that cannot be made durable now; a cut sealed later contains it. */
  public void abandon(Cut cut) {
    checkpointer.abandon(cut);
  }

  /** True while a sealed cut is not yet durable. */
  public boolean checkpointRunning() {
    return checkpointer.running();
  }

  /**
   * Opens a snapshot of the state as it is now, or shares one that is at most 5 ms old.
   *
   * @param position journal position of the state as it is now
   * @param stampMs stamp of the newest record
   * @param notBefore a shared snapshot must have at least this position
   */
  public Snapshot snapshot(long position, long stampMs, long notBefore) {
    if (undo.active()) {
      throw new IllegalStateException("cannot seal inside an execution");
    }
    return snapshots.open(position, stampMs, notBefore);
  }

  /** Number of sealed views that snapshots look at. */
  public int openViews() {
    return snapshots.open();
  }

  /**
   * Frees what is no longer needed: versions, entries of dropped spaces, tombstones.
   *
   * @return true when nothing more can be freed now
   */
  public boolean reclaim(long maxNanos) {
    long deadline = System.nanoTime() + maxNanos;
    return views.sweep(deadline)
        && registry.reclaim(checkpointer.runningGeneration(), deadline)
        && checkpointer.reclaim(deadline);
  }

  /**
   * Lets clean entries leave memory until the budget is kept. To be called between turns, when no
   * Ref is held.
   *
   * @return true when time was up before the budget was kept
   */
  public boolean evictClean(long maxNanos) {
    if (undo.active()) {
      throw new IllegalStateException("cannot evict inside an execution");
    }
    return evictor.overBudget() && evictor.run(System.nanoTime() + maxNanos);
  }

  /** True when the hot tier is above its budget. */
  public boolean overBudget() {
    return evictor.overBudget();
  }

  /**
   * True when a checkpoint should be made soon: a quarter of the budget is dirty, or nothing clean
   * is left to evict and a checkpoint would free a noticeable part.
   */
  public boolean wantsCheckpoint() {
    long dirty = dirtyBytes();
    long budget = config.hotMemoryBytes();
    return !checkpointer.running()
        && (dirty >= budget / 4 || evictor.stuck() && dirty >= budget / 32);
  }

  /**
   * Says that checkpoints are made whenever one is wanted, so that writes can wait for them.
   * Without that they wait only for one that is running.
   */
  public void checkpointsComeByThemselves() {
    checkpointsCome = true;
  }

  /**
   * True while writes have to wait for a checkpoint: half of the budget is dirty. Small ones have
   * an eighth more, so that they do not wait behind a few large values. Nobody waits for a
   * checkpoint that cannot be made at the moment.
   *
   * @param bytes size of the write, about
   */
  public boolean writesMustWait(int bytes) {
    long budget = config.hotMemoryBytes();
    long most = bytes > SMALL_WRITE ? budget / 2 : budget / 2 + budget / 8;
    return dirtyBytes() + changes.putAsideBytes() >= most
        && (checkpointer.running() || checkpointsCome && !checkpointer.failed());
  }

  /** True when as much is dirty as a checkpoint may have to write at once: replay makes one. */
  public boolean needsCheckpoint() {
    return !checkpointer.running() && dirtyBytes() >= config.hotMemoryBytes() / 2;
  }

  /** Entries that have left memory since the store was opened. */
  public long evictedEntries() {
    return evictor.evicted();
  }

  /** Memory of the hot tier: slabs, tables and versions kept for snapshots. */
  public long usedBytes() {
    return slabs.committedBytes() + slabs.sideBytes();
  }

  /** Bytes that entries and their index occupy, without free space inside the slabs. */
  public long liveBytes() {
    return slabs.liveBytes() + slabs.sideBytes();
  }

  /** Bytes that are not yet in a durable checkpoint. */
  public long dirtyBytes() {
    return changes.dirtyBytes();
  }

  /** Bytes of the cold tier's tables. */
  public long tableBytes() {
    return cold.tableBytes();
  }

  /** Whether the cold tier may merge tables, which takes room for a while. */
  public void mayMerge(boolean allowed) {
    cold.mayMerge(allowed);
  }

  /** Longest time a checkpoint has held the lock, in nanoseconds. */
  public long longestBurstNanos() {
    return checkpointer.longestBurstNanos();
  }

  /** Flushes of the cold tier since the store was opened. */
  public long flushes() {
    return cold.flushes();
  }

  /**
   * Keeps the newest durable cut as a directory that can be opened as a store. Must be called
   * between two checkpoints, without the lock.
   *
   * @param directory target, which must not exist, on the same file system
   */
  public void keep(Path directory) {
    cold.saveTo(directory);
  }

  /** Bytes written to the cold tier since the store was opened. */
  public long bytesWritten() {
    return checkpointer.bytesWritten();
  }

  /**
   * Starts a thread that learns which entries exist on disk, so that a look-up of one that does not
   * exist needs no disk. To be called once, when the node is ready.
   */
  public void learnColdEntries() {
    Thread thread = Thread.ofPlatform().daemon().name("millrace-filters").unstarted(rebuild);
    learner = thread;
    thread.start();
  }

  FilterRebuild rebuild() {
    return rebuild;
  }

  private void stopLearning() {
    Thread thread = learner;
    rebuild.stop();
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes the store without writing anything: what no checkpoint holds is the journal's. */
  @Override
  public void close() {
    stopLearning();
    cold.close();
  }
}
