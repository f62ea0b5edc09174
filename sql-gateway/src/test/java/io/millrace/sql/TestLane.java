package io.millrace.sql;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.TaskState;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A lane whose tasks stand at a position, and which releases and loads when it is told to. */
public final class TestLane implements Lane {
  private record Waiting(long position, Runnable action) {}

  private final Executor loop;
  private final Queue<Runnable> loads = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final AtomicInteger holds = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private volatile long position;
  private volatile long released;
  private volatile int waits;
  private volatile boolean refusesLoads;
  private volatile boolean writeFails;

  /** A lane of an event loop. */
  public TestLane(Executor loop) {
    this.loop = loop;
  }

  /** Where the newest record of every task stands from now on. */
  void position(long newest) {
    position = newest;
  }

  /** Moves the watermark and runs what waited for it. */
  void release(long to) {
    released = to;
    loop.execute(() -> {
      for (int left = waiting.size(); left > 0; left--) {
        var next = waiting.remove();
        if (next.position <= to) {
          next.action.run();
        } else {
          waiting.add(next);
        }
      }
    });
  }

  /** Answers that waited for the watermark so far. */
  int waits() {
    return waits;
  }

  /** How often the lock has been taken. */
  int holds() {
    return holds.get();
  }

  /** Holds that have not been let go. */
  int open() {
    return open.get();
  }

  /** From now on nothing is loaded any more. */
  void refuseLoads() {
    refusesLoads = true;
  }

  /** From now on the journal cannot be written. */
  void failWrites() {
    writeFails = true;
  }

  int loadsWaiting() {
    return loads.size();
  }

  /** Ends the oldest load. */
  void loaded() {
    loop.execute(loads.remove());
  }

  @Override
  public Execution hold() {
    holds.incrementAndGet();
    open.incrementAndGet();
    return proxy(
        Execution.class,
        method ->
            switch (method) {
              case "tasks" -> MemoryPagedTable.TASKS;
              case "stampMs" -> 0L;
              case "task" -> task();
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private TaskState task() {
    return proxy(
        TaskState.class,
        method -> {
          if (method.equals("lastPosition")) {
            return position;
          }
          throw new UnsupportedOperationException(method);
        });
  }

  private interface Answer {
    Object of(String method);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    var made =
        Proxy.newProxyInstance(
            TestLane.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.of(method.getName()));
    return type.cast(made);
  }

  @Override
  public void release() {
    open.decrementAndGet();
  }

  @Override
  public void next() {}

  @Override
  public void waitForDisk() {}

  @Override
  public boolean hasRoom(int bytes) {
    return true;
  }

  @Override
  public boolean diskFull() {
    return false;
  }

  @Override
  public void write() {
    if (writeFails) {
      throw new IllegalStateException("no journal");
    }
  }

  @Override
  public long released() {
    return released;
  }

  @Override
  public void whenReleased(long wanted, Runnable action) {
    waiting.add(new Waiting(wanted, action));
    waits = waiting.size();
  }

  @Override
  public @Nullable NotResidentException probe(Runnable execution) {
    return null;
  }

  @Override
  public void load(List<NotResidentException> missing, Runnable retry) {
    if (refusesLoads) {
      throw new RejectedExecutionException("closed");
    }
    loads.add(retry);
  }
}
