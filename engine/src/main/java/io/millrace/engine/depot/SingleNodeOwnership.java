package io.millrace.engine.depot;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One machine: it owns every task from joining to leaving. */
public final class SingleNodeOwnership implements Ownership {
  private static final Node NOBODY = new Node("", "");

  private final int tasks;
  private @Nullable Listener joined;
  private View view;

  /** Owns tasks {@code 0 .. tasks-1}. */
  public SingleNodeOwnership(int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException("There must be a task: tasks=" + tasks);
    }
    this.tasks = tasks;
    view = viewOf(0, NOBODY);
  }

  private View viewOf(long epoch, Node owner) {
    return new View(
        epoch, Collections.nCopies(tasks, owner), Collections.nCopies(tasks, List.of()));
  }

  @Override
  public void join(Node self, Listener listener) {
    View next;
    synchronized (this) {
      if (joined != null) {
        throw new IllegalStateException("Already joined: node=" + self.id());
      }
      joined = listener;
      next = viewOf(view.epoch() + 1, self);
      view = next;
    }
    for (int task = 0; task < tasks; task++) {
      listener.gained(task, next.epoch());
    }
  }

  @Override
  public synchronized View view() {
    return view;
  }

  @Override
  public synchronized boolean leaseValid(int task) {
    return joined != null && task >= 0 && task < tasks;
  }

  @Override
  public void leave() {
    Listener listener;
    View next;
    synchronized (this) {
      listener = joined;
      if (listener == null) {
        return;
      }
      joined = null;
      next = viewOf(view.epoch() + 1, NOBODY);
      view = next;
    }
    for (int task = 0; task < tasks; task++) {
      listener.lost(task, next.epoch());
    }
  }
}
