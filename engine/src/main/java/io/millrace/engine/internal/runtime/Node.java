package io.millrace.engine.internal.runtime;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.internal.depots.DepotSegments;
import io.millrace.engine.internal.guard.Watchdog;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.hot.ColdRead;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.engine.table.Snapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node at work: who may execute, where records go, when results may be told.
 *
 * <p>The order of a turn is the invariant: change state and append the record under the lock, let
 * go, write, and only then answer what the release watermark has reached.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final int WORK_ROOM_BYTES = 64 << 10;
  private static final long EVICT_NS = 100_000;
  private static final long GLANCE_NS = 1_000_000;

  /** How long one hold goes on with waiting stages, but for the record it is in. */
  private static final long DRAIN_NS = 2_000_000;

  /** Threads that read from disk: they wait for it, not for the processor. */
  private static final int LOADERS = 8;

  private static final int LOADED_PER_THREAD = 32;
  private static final int INSTALLED_PER_HOLD = 128;

  private final NodeLock lock;
  private final TieredStore store;
  private final Journal journal;
  private final ModuleRegistry registry;
  private final NodeExecution execution;
  private final LongSupplier clockMs;
  private final @Nullable Watchdog watchdog;
  private final List<NodeLane> lanes = new CopyOnWriteArrayList<>();
  private final ExecutorService loaders;
  private final ReentrantLock releaseLock = new ReentrantLock();
  private final Condition releaseMoved = releaseLock.newCondition();
  private volatile @Nullable DepotSegments depots;
  private volatile boolean blockedOnRelease;
  private volatile BooleanSupplier tight = () -> false;
  private volatile boolean stopping;

  public Node(
      NodeLock lock,
      TieredStore store,
      Journal journal,
      ModuleRegistry registry,
      NodeExecution execution,
      LongSupplier clockMs,
      @Nullable Watchdog watchdog) {
    this.watchdog = watchdog;
    this.lock = lock;
    this.store = store;
    this.journal = journal;
    this.registry = registry;
    this.execution = execution;
    this.clockMs = clockMs;
    loaders =
        Executors.newFixedThreadPool(
            LOADERS, Thread.ofPlatform().name("millrace-load-", 0).daemon().factory());
    journal.onReleased(this::releasedMoved);
  }

  /** A lane whose actions run on an executor (the door's event loop). */
  public NodeLane lane(Executor executor) {
    NodeLane lane = new NodeLane(this, executor);
    lanes.add(lane);
    return lane;
  }

  Execution hold() {
    long now = clockMs.getAsLong();
    lock.acquire();
    execution.begin(now);
    return execution;
  }

  void next() {
    execution.next();
  }

  void waitForDisk() {
    store.waitForDisk();
  }

  void release() {
    if (store.overBudget()) {
      store.evictClean(EVICT_NS);
    }
    lock.release();
  }

  boolean hasRoom(int bytes) {
    return !store.writesMustWait(bytes) && journal.hasRoom(bytes);
  }

  public void write() {
    journal.write();
  }

  /** Up to where replies may leave at this moment. */
  long released() {
    return journal.leaving();
  }

  /**
   * Runs work under the lock and writes what it journaled. Work that meets a missing entry before
   * it changed anything is run again once the entry is loaded; it must therefore have no effect
   * outside the execution.
   *
   * @param room journal bytes the work may need
   */
  public <T> Completed<T> run(int room, Function<AppendExecution, T> work) {
    return attempt(Math.max(room, WORK_ROOM_BYTES), work);
  }

  /**
   * Runs work that appends nothing, so that it need not wait for room in the journal: reads go on
   * while the disk is full.
   */
  public <T> Completed<T> read(Function<AppendExecution, T> work) {
    return attempt(0, work);
  }

  /**
   * Looks at what is in memory, with the lock held; null when it cannot be had at once. For any
   * thread, also one that holds the lock.
   */
  public <T> @Nullable T glance(Function<FoldExecution, T> look) {
    if (lock.heldByCaller()) {
      return look.apply(execution);
    }
    if (!lock.tryAcquire(GLANCE_NS)) {
      return null;
    }
    try {
      return look.apply(execution);
    } finally {
      lock.release();
    }
  }

  private <T> Completed<T> attempt(int room, Function<AppendExecution, T> work) {
    for (int misses = 0; ; misses++) {
      if (room > 0) {
        awaitRoom(room);
      }
      NotResidentException missing;
      hold();
      if (misses > Lane.MOST_MISSES) {
        waitForDisk();
      }
      try {
        T value = work.apply(execution);
        return written(value);
      } catch (NotResidentException e) {
        missing = e;
      } catch (Error e) {
        if (execution.mutated()) {
          execution.broken(e);
        }
        throw e;
      } finally {
        if (lock.heldByCaller()) {
          release();
        }
      }
      loadNow(missing.all(), store.readBudget());
    }
  }

  private void loadNow(List<NotResidentException> missing, AtomicLong budget) {
    List<ColdRead> read = store.read(missing, budget);
    for (int from = 0; from < read.size(); from += INSTALLED_PER_HOLD) {
      lock.acquire();
      try {
        int to = Math.min(read.size(), from + INSTALLED_PER_HOLD);
        read.subList(from, to).forEach(store::install);
      } finally {
        lock.release();
      }
    }
  }

  private <T> Completed<T> written(T value) {
    long position = journal.appended();
    release();
    journal.write();
    return new Completed<>(value, position);
  }

  /** Like {@link #run(int, Function)} for small records. */
  public <T> Completed<T> run(Function<AppendExecution, T> work) {
    return run(WORK_ROOM_BYTES, work);
  }

  private void awaitRoom(int bytes) {
    while (true) {
      lock.acquire();
      boolean room = hasRoom(bytes);
      lock.release();
      if (room) {
        return;
      }
      journal.write();
      awaitMove(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /**
   * Blocks until a journal position is released.
   *
   * @return false when the time ran out first
   */
  public boolean awaitReleased(long position, long timeoutNs) {
    long deadline = System.nanoTime() + timeoutNs;
    while (journal.leaving() < position) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      journal.write();
      blockedOnRelease = true;
      releaseLock.lock();
      try {
        if (journal.leaving() < position) {
          releaseMoved.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        releaseLock.unlock();
      }
    }
    return true;
  }

  private void awaitMove(long ns) {
    blockedOnRelease = true;
    releaseLock.lock();
    try {
      releaseMoved.awaitNanos(ns);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      releaseLock.unlock();
    }
  }

  private void releasedMoved(long position) {
    for (NodeLane lane : lanes) {
      lane.releasedMoved();
    }
    if (blockedOnRelease) {
      releaseLock.lock();
      try {
        releaseMoved.signalAll();
      } finally {
        releaseLock.unlock();
      }
    }
  }

  void load(List<NotResidentException> missing, Runnable then) {
    int parts = Math.ceilDiv(missing.size(), LOADED_PER_THREAD);
    AtomicInteger left = new AtomicInteger(parts);
    AtomicLong budget = store.readBudget();
    for (int from = 0; from < missing.size(); from += LOADED_PER_THREAD) {
      List<NotResidentException> part =
          missing.subList(from, Math.min(missing.size(), from + LOADED_PER_THREAD));
      loaders.execute(() -> {
        try {
          loadNow(part, budget);
        } catch (RuntimeException unreadable) {
          // Those who wait try again, and after a few times read by themselves and see the error.
          LOG.error("entries={} cannot be loaded", part.size(), unreadable);
        } finally {
          if (left.decrementAndGet() == 0) {
            then.run();
          }
        }
      });
    }
  }

  /**
   * A snapshot of all tasks that shows at least every reply that has left so far; its owner waits
   * for the release of its position.
   */
  public Snapshot snapshot() {
    return snapshot(0);
  }

  /** A snapshot of all tasks that shows a journal position, and every reply that has left. */
  public Snapshot snapshot(long atLeast) {
    long told = Math.max(journal.released(), atLeast);
    lock.acquire();
    try {
      execution.begin(clockMs.getAsLong());
      return store.snapshot(journal.appended(), execution.stampMs(), told);
    } finally {
      lock.release();
    }
  }

  /** Appends DRAIN records while modules have waiting stages, and frees what was dropped. */
  public void housekeep() {
    try {
      registry.hosted().forEach(module -> module.housekeep(this));
    } catch (ReadTooLargeException tooMuchInMemory) {
      // Nothing was changed; the next round goes on when entries have left memory.
    }
    drain();
    lock.acquire();
    try {
      store.reclaim(TimeUnit.MICROSECONDS.toNanos(500));
      store.evictClean(EVICT_NS);
    } finally {
      lock.release();
    }
  }

  /** Appends what folds emitted, and DRAIN records while modules have waiting stages. */
  public void drain() {
    boolean more;
    do {
      more = drainSome();
    } while (more && !stopping);
  }

  /** What waits is state: whoever stops the node need not wait for it. */
  public void stopping() {
    stopping = true;
  }

  /**
   * One round of {@link #drain}.
   *
   * @return true when there was something to do
   */
  public boolean drainSome() {
    if (!stagesWait()) {
      return false;
    }
    try {
      run(this::drainForATurn);
      // Those who wait for the lock come first: this may go on for long.
      Thread.yield();
      return true;
    } catch (ReadTooLargeException tooMuchInMemory) {
      // Nothing was appended; there will be room when entries have left memory.
      return false;
    }
  }

  /** True when work of events waits for a later record. */
  public boolean stagesWait() {
    return execution.emissionsWait() || modulesWait();
  }

  private boolean modulesWait() {
    for (HostedModule module : registry.hosted()) {
      if (module.waiting()) {
        return true;
      }
    }
    return false;
  }

  private Boolean drainForATurn(AppendExecution x) {
    long start = System.nanoTime();
    execution.appendEmissions();
    byte[] nothing = new byte[0];
    for (int task = 0; task < x.tasks() && modulesWait(); task++) {
      if (System.nanoTime() - start > DRAIN_NS || !journal.hasRoom(WORK_ROOM_BYTES)) {
        break;
      }
      x.appendEvent(SysRecords.DEPOT_ID, task, SysRecords.DRAIN, 1, null, nothing, 0, 0);
    }
    return true;
  }

  /** Appends a CLOCK record: deadlines up to now may be reclaimed. */
  public void clock() {
    byte[] nothing = new byte[0];
    run(x -> x.appendEvent(SysRecords.DEPOT_ID, 0, SysRecords.CLOCK, 1, null, nothing, 0, 0));
  }

  public ModuleRegistry registry() {
    return registry;
  }

  /** Logical hash of all state at the newest record's stamp; the lock is held. */
  public long digest() {
    long[] digest = {0};
    store.readThrough(() -> {
      for (HostedModule module : registry.hosted()) {
        for (int task = 0; task < execution.tasks(); task++) {
          digest[0] = 31 * digest[0] + module.digest(task, execution.newestRecordMs(), execution);
        }
      }
    });
    return digest[0];
  }

  /** Reads a partition of a kept depot, up to what is released; without the lock. */
  public DepotReader depot(int depotId, int partition, long fromOffset) {
    DepotSegments kept = depots;
    if (kept == null) {
      throw new IllegalStateException("The depots are not open yet");
    }
    return kept.read(depotId, partition, fromOffset);
  }

  public void depots(DepotSegments kept) {
    depots = kept;
  }

  /** Whether writes are refused for lack of space; reads go on. */
  public boolean diskFull() {
    return journal.full() || tight.getAsBoolean();
  }

  /** Who knows whether the rest of the disk is needed for the next checkpoint. */
  public void refuseWhile(BooleanSupplier diskIsTight) {
    tight = diskIsTight;
  }

  /** Journal of this node. */
  public Journal journal() {
    return journal;
  }

  public TieredStore store() {
    return store;
  }

  public NodeLock lock() {
    return lock;
  }

  public NodeExecution execution() {
    return execution;
  }

  /** The watchdog of folds; none over a scratch copy. */
  public @Nullable Watchdog watchdog() {
    return watchdog;
  }

  public void close() {
    if (watchdog != null) {
      watchdog.close();
    }
    loaders.shutdown();
  }
}
