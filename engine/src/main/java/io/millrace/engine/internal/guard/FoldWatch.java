package io.millrace.engine.internal.guard;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What code of modules runs now: told by the thread that holds the execution lock, looked at by the
 * {@link Watchdog}. For the former it costs two plain writes for each stage and one compare-and-set
 * for each record; the clock is read by the latter.
 */
public final class FoldWatch {
  private static final int IDLE = 0;
  private static final int RUNNING = 1;

  /** One of both threads tells or forgets; it lasts for an instant. */
  private static final int CLAIMED = 2;

  /** Who runs stages; asked from another thread. */
  public interface Subject {
    /** The stage that runs, or null between two. */
    @Nullable HeldFold running();
  }

  private final AtomicInteger state = new AtomicInteger();

  /** Number of the stage that runs; every attempt has one of its own. */
  private final AtomicLong stage = new AtomicLong();

  private final AtomicLong record = new AtomicLong();
  private @Nullable Thread thread;
  private volatile @Nullable Subject subject;
  private volatile boolean replaying;
  private volatile long overdue = -1;
  private volatile long slowRecord = -1;
  private volatile String why = "";
  private boolean interrupted;

  /** The calling thread begins to run the stages of a record. */
  public void begin(Subject runs, boolean replays) {
    thread = Thread.currentThread();
    subject = runs;
    replaying = replays;
    record.lazySet(record.getPlain() + 1);
    stage.lazySet(stage.getPlain() + 1);
    state.lazySet(RUNNING);
  }

  /** The next stage, or attempt of it, begins. */
  public void next() {
    stage.lazySet(stage.getPlain() + 1);
  }

  /** No more code of modules runs; an interrupt of the watchdog is taken back. */
  public void end() {
    while (!state.compareAndSet(RUNNING, IDLE)) {
      Thread.onSpinWait();
    }
    goOn();
  }

  /** Takes the interrupt back; the watchdog does not come in between. */
  private void goOn() {
    if (interrupted) {
      interrupted = false;
      Thread.interrupted();
      FoldPoll.forget(Thread.currentThread());
    }
  }

  /** True when the present stage must end; asked by its own thread. */
  public boolean overdue() {
    return overdue == stage.getPlain();
  }

  /** Ends the present stage when it must end. */
  public void check() {
    if (overdue()) {
      throw new FoldLimitError(why);
    }
  }

  /** What an overdue stage has ended with, whatever its own code made of it. */
  public FoldLimitError ended(@Nullable Throwable own) {
    var reason = why;
    while (!state.compareAndSet(RUNNING, CLAIMED)) {
      Thread.onSpinWait();
    }
    stage.lazySet(stage.getPlain() + 1);
    goOn();
    state.set(RUNNING);
    return own == null ? new FoldLimitError(reason) : new FoldLimitError(reason, own);
  }

  /** True when the present record has run for long: it should leave the rest of it to another. */
  public boolean slow() {
    return slowRecord == record.getPlain();
  }

  // From here on: for the watchdog.

  boolean running() {
    return state.get() != IDLE;
  }

  boolean replays() {
    return replaying;
  }

  long stage() {
    return stage.get();
  }

  long record() {
    return record.get();
  }

  @Nullable Thread thread() {
    return thread;
  }

  @Nullable HeldFold describe() {
    var runs = subject;
    return runs == null ? null : runs.running();
  }

  void slow(long number) {
    slowRecord = number;
  }

  /** Tells a stage to end, and interrupts its thread; false when it has ended by itself. */
  boolean stop(long number, String reason) {
    if (!state.compareAndSet(RUNNING, CLAIMED)) {
      return false;
    }
    try {
      var runs = thread;
      if (runs == null || stage.get() != number) {
        return false;
      }
      why = reason;
      overdue = number;
      interrupted = true;
      FoldPoll.tell(runs);
      runs.interrupt();
      return true;
    } finally {
      state.set(RUNNING);
    }
  }
}
