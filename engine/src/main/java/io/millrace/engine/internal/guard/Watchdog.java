package io.millrace.engine.internal.guard;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every 10 ms at what code of modules runs, asks stages beyond a limit to end, and tells of
 * those that do not: such a stage keeps the execution lock, and only the end of the process helps.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /** A thread may have waited for a processor, or for a disk: by the clock it may take longer. */
  private static final int CLOCK_FACTOR = 10;

  private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long SAY_AGAIN_NS = TimeUnit.SECONDS.toNanos(10);

  /** Interrupts in a row: code that waits in a loop may swallow one. */
  private static final int INTERRUPTS = 8;

  private final FoldWatch watch;
  private final FoldLimits limits;
  private final StopMarks marks;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable HeldFold held;

  private long record = -1;
  private long stage = -1;
  private long sinceNs;
  private long sinceCpuNs;
  private long sinceBytes;
  private long toldNs;
  private boolean measured;
  private boolean told;
  private volatile boolean lost;
  private String reason = "";

  /** A watchdog that has not begun. */
  public Watchdog(FoldWatch watch, FoldLimits limits, StopMarks marks) {
    this.watch = watch;
    this.limits = limits;
    this.marks = marks;
    thread = Thread.ofPlatform().name("millrace-watchdog").daemon().unstarted(this::run);
  }

  /** Begins to look. */
  public void start() {
    thread.start();
  }

  /** The stage that runs beyond a limit now, or null: then the node is not held. */
  public @Nullable HeldFold held() {
    return held;
  }

  /** True when that stage was asked to end and has not: nothing in this process can end it. */
  public boolean isLost() {
    return lost;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      try {
        look(System.nanoTime());
      } catch (RuntimeException e) {
        LOG.error("the watchdog of folds failed", e);
      } catch (OutOfMemoryError e) {
        // Whoever took the memory is told; the next round finds some again.
        continue;
      }
      LockSupport.parkNanos(this, TICK_NS);
    }
  }

  private void look(long now) {
    if (!watch.running()) {
      record = -1;
      forget();
      return;
    }
    var presentRecord = watch.record();
    if (presentRecord == record && limits.pauses()) {
      watch.slow(presentRecord);
    }
    record = presentRecord;
    var present = watch.stage();
    var runs = watch.thread();
    if (runs == null) {
      return;
    }
    if (present != stage) {
      forget();
      stage = present;
      sinceNs = now;
      measured = false;
    } else if (!measured) {
      // Asking for what a thread has used costs more than the looks at all short stages together.
      measured = true;
      sinceCpuNs = cpu(runs, now);
      sinceBytes = threads.getThreadAllocatedBytes(runs.threadId());
    } else if (told) {
      remind(runs, now);
    } else {
      judge(runs, now);
    }
  }

  private void forget() {
    var ended = held;
    if (lost && ended != null) {
      marks.remove(ended);
    }
    stage = -1;
    told = false;
    lost = false;
    held = null;
  }

  /** Processor time of a thread; of a virtual one, which has none of its own, the time. */
  private long cpu(Thread of, long now) {
    var used = of.isVirtual() ? -1 : threads.getThreadCpuTime(of.threadId());
    return used < 0 ? now : used;
  }

  private void judge(Thread runs, long now) {
    var cpuMs = TimeUnit.NANOSECONDS.toMillis(cpu(runs, now) - sinceCpuNs);
    var clockMs = TimeUnit.NANOSECONDS.toMillis(now - sinceNs);
    var bytes = threads.getThreadAllocatedBytes(runs.threadId()) - sinceBytes;
    if (cpuMs >= limits.maxTimeMs() || clockMs >= CLOCK_FACTOR * limits.maxTimeMs()) {
      overdue(
          runs,
          now,
          "the stage ran for more than "
              + limits.maxTimeMs()
              + " ms (fold-max-time-ms; "
              + cpuMs
              + " ms of processor time, "
              + clockMs
              + " ms by the clock)");
    } else if (bytes >= limits.maxBytes()) {
      overdue(
          runs,
          now,
          "the stage allocated more than " + limits.maxBytes() + " bytes (fold-max-memory)");
    }
  }

  private void overdue(Thread runs, long now, String limit) {
    reason = limit;
    var what = watch.describe();
    var stack = stack(runs);
    if (watch.replays()) {
      // The journal has decided how this record folds; a replay that takes long is only told.
      told = true;
      toldNs = now;
      LOG.warn("recovery folds a stage that takes long: {}, {}\n{}", what, reason, stack);
      return;
    }
    if (!watch.stop(stage, reason)) {
      return;
    }
    told = true;
    toldNs = now;
    held = what;
    LOG.warn("fold overdue, it is told to end: {}, {}\n{}", what, reason, stack);
  }

  private void remind(Thread runs, long now) {
    if (watch.replays()) {
      if (now - toldNs >= SAY_AGAIN_NS) {
        toldNs = now;
        LOG.warn("recovery still folds: {}\n{}", watch.describe(), stack(runs));
      }
      return;
    }
    for (var i = 0; i < INTERRUPTS && watch.stop(stage, reason); i++) {
      Thread.onSpinWait();
    }
    if (now - toldNs < (lost ? SAY_AGAIN_NS : GRACE_NS)) {
      return;
    }
    toldNs = now;
    var what = watch.describe();
    held = what;
    if (!lost && what != null) {
      if (what.comesAgain()) {
        marks.add(what);
      }
      // Behind the mark: who sees it may end the process at once.
      lost = true;
    }
    LOG.error(
        "a fold does not end and holds the node: {}. End the process (SIGTERM works); {}\n{}",
        what,
        what != null && what.comesAgain()
            ? "the next start stops the topology at this event"
            : "its event is not in the journal and does not come again by itself",
        stack(runs));
  }

  private static String stack(Thread of) {
    var text = new StringBuilder();
    for (var frame : of.getStackTrace()) {
      text.append("\tat ").append(frame).append('\n');
    }
    return text.toString();
  }
}
