package io.millrace.engine.internal.guard;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asked by the code of modules in each round of a loop and at the begin of each method: put there
 * by {@link LoopPolls} when the class is loaded. Costs one read of memory unless some thread of the
 * process has been told to end its stage.
 */
public final class FoldPoll {
  private static final AtomicInteger TOLD = new AtomicInteger();
  private static final Set<Thread> THREADS = ConcurrentHashMap.newKeySet();

  private FoldPoll() {}

  /** Throws when the calling thread has been told to end its stage. */
  public static void check() {
    if (TOLD.get() != 0 && THREADS.contains(Thread.currentThread())) {
      throw new FoldLimitError("the stage was told to end");
    }
  }

  static void tell(Thread thread) {
    if (THREADS.add(thread)) {
      TOLD.incrementAndGet();
    }
  }

  static void forget(Thread thread) {
    if (THREADS.remove(thread)) {
      TOLD.decrementAndGet();
    }
  }
}
