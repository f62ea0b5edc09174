package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.DiskFullException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forces the journal to disk, off the lanes. Usually a thread of its own; tests take its steps by
 * hand.
 */
final class JournalSync {
  /** With everysec, a force begins at the latest so long after the first unsynced byte. */
  private static final long EVERYSEC_NANOS = 500_000_000L;

  private static final long IDLE_NANOS = 100_000_000L;
  private static final long WAIT_MS = 50;

  /** The reserve is taken a second after the start, when that is not in anybody's way. */
  private static final int ROUNDS_BEFORE_RESERVE = 10;

  private final Journal journal;
  private final LongSupplier clock;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicLong count = new AtomicLong();
  private final Object stepLock = new Object();
  private final Object monitor = new Object();
  private final @Nullable Thread thread;

  /** When the oldest byte was written that no force begun so far covers; 0 for none. */
  private volatile long dirtySince;

  /** The same for the bytes of the force that is under way; 0 for none. */
  private volatile long syncingSince;

  private volatile boolean stopping;

  /** Sync thread only: what was written at the last housekeeping, and how many there were. */
  private long writtenBefore;

  private int rounds;

  JournalSync(Journal journal, JournalConfig config) {
    this.journal = journal;
    clock = config.nanoClock();
    thread =
        config.syncThread()
            ? Thread.ofPlatform().name("journal-sync").daemon().unstarted(this::run)
            : null;
  }

  void start() {
    if (thread != null) {
      thread.start();
    }
  }

  /**
   * Notes a write, after {@link Journal#written} has moved: a step first takes the note away and
   * then reads the position, so a write is either in its target or noted anew.
   */
  void wrote(long now) {
    boolean first = dirtySince == 0;
    if (first) {
      dirtySince = now == 0 ? 1 : now;
    }
    if (first || journal.fsync() == FsyncMode.ALWAYS) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Age of the oldest byte the disk may not have; 0 when it has all. A step copies one note into
   * the other before it takes it away, so they are read the other way round.
   */
  long oldestUnsyncedAge(long now) {
    long dirty = dirtySince;
    long syncing = syncingSince;
    long since = syncing == 0 ? dirty : syncing;
    return since == 0 ? 0 : now - since;
  }

  long count() {
    return count.get();
  }

  void wake() {
    LockSupport.unpark(thread);
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  /** Forces what is written; true if there was something. */
  boolean step() {
    synchronized (stepLock) {
      if (journal.failure() != null) {
        return false;
      }
      long noted = dirtySince;
      // A write that is on its way to note itself may be taken along: it is about as old as now.
      syncingSince = noted == 0 ? Math.max(1, clock.getAsLong()) : noted;
      dirtySince = 0;
      long target = journal.written();
      if (target == journal.synced()) {
        syncingSince = 0;
        return false;
      }
      try {
        journal.writer().sync(target);
      } catch (IOException | RuntimeException | Error e) {
        journal.fail(e);
        return true;
      }
      syncingSince = 0;
      count.incrementAndGet();
      journal.advanceSynced(target);
    }
    synchronized (monitor) {
      monitor.notifyAll();
    }
    return true;
  }

  /** Forces files whose positions are synced already, for the sake of a marker. */
  void force() {
    synchronized (stepLock) {
      try {
        journal.writer().sync(Long.MAX_VALUE - 1);
      } catch (IOException | RuntimeException e) {
        journal.fail(e);
      }
    }
  }

  /** What is due now and then: a full disk, the reserve, a marker when nothing goes on. */
  void housekeeping() {
    SegmentWriter writer = journal.writer();
    long written = journal.written();
    boolean stuck = written == writtenBefore && journal.appended() != written;
    writtenBefore = written;
    boolean settled = ++rounds > ROUNDS_BEFORE_RESERVE;
    if (stuck || writer.full() || (settled && !writer.reserveHeld())) {
      journal.retryFull();
    }
    if (dirtySince == 0 && writer.markDue(journal.synced())) {
      journal.mark();
    }
  }

  private void run() {
    long tidied = System.nanoTime();
    while (!stopping && !journal.stopped()) {
      long delay = delay();
      if (delay <= 0) {
        step();
      } else {
        LockSupport.parkNanos(this, Math.min(delay, IDLE_NANOS));
      }
      if (System.nanoTime() - tidied >= IDLE_NANOS) {
        tidied = System.nanoTime();
        housekeeping();
      }
    }
  }

  private long delay() {
    boolean dirty = journal.written() > journal.synced();
    if (!dirty) {
      return IDLE_NANOS;
    }
    if (requested.get() > journal.synced() || journal.fsync() == FsyncMode.ALWAYS) {
      return 0;
    }
    long since = dirtySince;
    if (journal.fsync() == FsyncMode.NO || since == 0) {
      return IDLE_NANOS;
    }
    return since + EVERYSEC_NANOS - clock.getAsLong();
  }

  void through(long position) throws IOException, InterruptedException {
    if (position > journal.appended()) {
      throw new IllegalArgumentException(
          "Nothing was appended there yet: position="
              + position
              + " appended="
              + journal.appended());
    }
    requested.accumulateAndGet(position, Math::max);
    while (journal.synced() < position) {
      Throwable failure = journal.failure();
      if (failure != null) {
        throw new IOException("The journal has failed", failure);
      }
      journal.write();
      boolean cannot = journal.full() && journal.written() < position;
      if (thread == null || stopping) {
        cannot = !step() && journal.synced() < position;
      }
      if (cannot) {
        throw new DiskFullException("The disk is full, cannot force up to position " + position);
      }
      if (thread != null && !stopping) {
        LockSupport.unpark(thread);
        synchronized (monitor) {
          if (journal.synced() < position && journal.failure() == null) {
            monitor.wait(WAIT_MS);
          }
        }
      }
    }
  }

  void stop() {
    stopping = true;
    if (thread == null) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      LockSupport.unpark(thread);
      try {
        thread.join(WAIT_MS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
