package io.millrace.engine.internal.runtime;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A lane of this node. Except {@link #releasedMoved}, only its own executor's thread calls it. */
@HotPath(benchmark = "KeyspaceBenchmark")
final class NodeLane implements Lane {
  private record Waiting(long position, Runnable action) {}

  private final Node node;
  private final Executor executor;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final AtomicBoolean wakeScheduled = new AtomicBoolean();
  private volatile boolean hasWaiting;

  NodeLane(Node node, Executor executor) {
    this.node = node;
    this.executor = executor;
  }

  @Override
  public Execution hold() {
    return node.hold();
  }

  @Override
  public void release() {
    node.release();
  }

  @Override
  public void next() {
    node.next();
  }

  @Override
  public void waitForDisk() {
    node.waitForDisk();
  }

  @Override
  public boolean hasRoom(int bytes) {
    return node.hasRoom(bytes);
  }

  @Override
  public boolean diskFull() {
    return node.diskFull();
  }

  @Override
  public void write() {
    node.write();
  }

  @Override
  public long released() {
    return node.released();
  }

  @Override
  public void whenReleased(long position, Runnable action) {
    waiting.add(new Waiting(position, action));
    hasWaiting = true;
    // The watermark may have moved between the caller's look and the flag.
    if (node.released() >= position) {
      scheduleWake();
    }
  }

  /** Called by whichever thread moved the release watermark. */
  void releasedMoved() {
    if (hasWaiting) {
      scheduleWake();
    }
  }

  private void scheduleWake() {
    if (wakeScheduled.compareAndSet(false, true)) {
      executor.execute(this::runReleased);
    }
  }

  private void runReleased() {
    wakeScheduled.set(false);
    long released = node.released();
    for (int left = waiting.size(); left > 0; left--) {
      Waiting next = waiting.poll();
      // Asked again for each: those before may have taken their time.
      released = node.released();
      if (next.position() <= released) {
        next.action().run();
      } else {
        waiting.add(next);
      }
    }
    hasWaiting = !waiting.isEmpty();
    if (hasWaiting && node.released() > released) {
      scheduleWake();
    }
  }

  @Override
  public @Nullable NotResidentException probe(Runnable execution) {
    return node.store().probe(execution);
  }

  @Override
  public void load(List<NotResidentException> missing, Runnable retry) {
    node.load(missing, () -> executor.execute(retry));
  }
}
