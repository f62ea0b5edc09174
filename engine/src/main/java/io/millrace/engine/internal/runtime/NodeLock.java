package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.state.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The node's one execution lock: taken once per turn, held for microseconds.
 *
 * <p>Waiters spin briefly, then park; an unlocked lock may be taken by whoever comes first.
 * Fairness is not wanted: handing over to a parked thread costs a context switch per turn, and a
 * lane that misses a turn only gathers more commands for its next one. A parked waiter also wakes
 * by itself, so a lost wake-up costs at most {@link #PARK_NS}.
 *
 * <p>Readers of a cut mostly do without: they copy, and look afterwards whether anybody has held
 * the lock meanwhile. A reader that loses its processor while it copies then keeps nobody waiting.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class NodeLock implements ExecutionLock {
  private static final int SPINS = 200;
  private static final long PARK_NS = 50_000;
  private static final long TRY_NS = 10_000;

  private static final VarHandle TURNS;

  static {
    try {
      TURNS = MethodHandles.lookup().findVarHandle(NodeLock.class, "turns", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();
  private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

  /** Odd while the lock is held; readers without it compare. Written by the holder only. */
  @SuppressWarnings("UnusedVariable") // by TURNS
  private long turns;

  private final boolean spin = Runtime.getRuntime().availableProcessors() > 1;

  /** A thread about to park; woken once, however often the lock is let go until it runs. */
  private static final class Waiter {
    final Thread thread;
    volatile boolean woken;

    Waiter(Thread thread) {
      this.thread = thread;
    }
  }

  /** Creates an unlocked lock. */
  public NodeLock() {}

  @Override
  public void acquire() {
    Thread self = Thread.currentThread();
    if (!owner.compareAndSet(null, self)) {
      if (owner.getPlain() == self) {
        throw new IllegalStateException("the execution lock is not reentrant");
      }
      acquireSlowly(self);
    }
    TURNS.setOpaque(this, turns + 1);
    VarHandle.storeStoreFence();
  }

  @Override
  public long unheld() {
    long now = (long) TURNS.getAcquire(this);
    return (now & 1) == 0 ? now : -1;
  }

  @Override
  public boolean unheldSince(long stamp) {
    VarHandle.acquireFence();
    return (long) TURNS.getOpaque(this) == stamp;
  }

  /**
   * Takes the lock if it is let go within a time; for those who would rather know less than wait.
   */
  boolean tryAcquire(long withinNs) {
    Thread self = Thread.currentThread();
    long begin = System.nanoTime();
    while (!owner.compareAndSet(null, self)) {
      if (owner.getPlain() == self || System.nanoTime() - begin >= withinNs) {
        return false;
      }
      LockSupport.parkNanos(this, TRY_NS);
    }
    TURNS.setOpaque(this, turns + 1);
    VarHandle.storeStoreFence();
    return true;
  }

  private void acquireSlowly(Thread self) {
    int spins = spin ? SPINS : 0;
    while (true) {
      for (int i = 0; i < spins; i++) {
        if (owner.getPlain() == null && owner.compareAndSet(null, self)) {
          return;
        }
        Thread.onSpinWait();
      }
      Waiter waiter = new Waiter(self);
      waiters.add(waiter);
      try {
        if (owner.compareAndSet(null, self)) {
          return;
        }
        LockSupport.parkNanos(this, PARK_NS);
      } finally {
        waiters.remove(waiter);
      }
      if (owner.compareAndSet(null, self)) {
        return;
      }
    }
  }

  @Override
  public void release() {
    if (owner.getPlain() != Thread.currentThread()) {
      throw new IllegalStateException("the execution lock is not held by this thread");
    }
    TURNS.setRelease(this, turns + 1);
    owner.set(null);
    Waiter next = waiters.peek();
    if (next != null && !next.woken) {
      next.woken = true;
      LockSupport.unpark(next.thread);
    }
  }

  /** True when the calling thread holds the lock. */
  public boolean heldByCaller() {
    return owner.getPlain() == Thread.currentThread();
  }
}
