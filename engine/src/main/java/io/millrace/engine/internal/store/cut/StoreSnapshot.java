package io.millrace.engine.internal.store.cut;

import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.Snapshot;
import java.util.concurrent.atomic.AtomicBoolean;

/** A snapshot of all tasks. */
final class StoreSnapshot implements Snapshot {
  private final Snapshots snapshots;
  private final Tiers tiers;
  private final int tasks;
  private final SealedView view;
  private final AtomicBoolean closed = new AtomicBoolean();

  StoreSnapshot(Snapshots snapshots, Tiers tiers, int tasks, SealedView view) {
    this.snapshots = snapshots;
    this.tiers = tiers;
    this.tasks = tasks;
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
    return tasks;
  }

  @Override
  public TaskSnapshot task(int taskId) {
    return new TaskView(tiers, view, taskId);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      snapshots.close(view);
    }
  }
}
