package io.millrace.engine.internal.guard;

import org.jspecify.annotations.Nullable;

/**
 * An event that came through a door and all that follows from it: the stages it hops to and the
 * events its folds append, theirs included. Used with the lock held; in memory only.
 */
public final class EventTree {
  /** Somebody who waits for the tree. */
  public interface Waiter {
    /** One more event will be folded. */
    void planned();

    /** It will not: the fold that appended it is run again. */
    void unplanned();

    /** It has been. */
    void finished();
  }

  private long events;
  private @Nullable Waiter waiter;

  /** How many stages and events have followed so far. */
  public long events() {
    return events;
  }

  /** More have followed. */
  public void grow(int by) {
    events += by;
  }

  /** Tells somebody of the events of the tree from now on. */
  public void waiter(Waiter next) {
    waiter = next;
  }

  /** An event of the tree has been appended by a fold. */
  public void planned() {
    if (waiter != null) {
      waiter.planned();
    }
  }

  /** Takes {@link #planned} back. */
  public void unplanned() {
    if (waiter != null) {
      waiter.unplanned();
    }
  }

  /** Such an event has been folded. */
  public void finished() {
    if (waiter != null) {
      waiter.finished();
    }
  }
}
