package io.millrace.engine.internal.store;

import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.Snapshot;
import java.util.concurrent.atomic.AtomicBoolean;

/** A snapshot of all tasks. */
final class StoreSnapshot implements Snapshot {
  private final Snapshots snapshots;
  private final TieredStore store;
  private final ExecutionLock lock;
  private final SealedView view;
  private final AtomicBoolean closed = new AtomicBoolean();

  StoreSnapshot(Snapshots snapshots, TieredStore store, ExecutionLock lock, SealedView view) {
    this.snapshots = snapshots;
    this.store = store;
    this.lock = lock;
    this.view = view;
  }

  @Override
  public long position() {
    return view.position;
  }

  @Override
  public long stampMs() {
    return view.stampMs;
  }

  @Override
  public int tasks() {
    return store.tasks();
  }

  @Override
  public TaskSnapshot task(int taskId) {
    return new TaskView(store, lock, view, taskId);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      snapshots.close(view);
    }
  }
}
