package io.millrace.engine.internal.stage;

import io.millrace.engine.internal.guard.EventTree;
import org.jspecify.annotations.Nullable;

/** Code between two hops, about to run: what follows a place, for one value, on one task. */
public final class Stage {
  /** {@link #sequence} of a stage that has no entry. */
  public static final long NOT_STORED = -1;

  public final StreamPlan stream;
  public final CompiledNode node;
  public final int task;
  public final Object value;
  public final Origin origin;
  public final @Nullable AppendOutcome outcome;

  /** Number of its entry while it waits. */
  public long sequence = NOT_STORED;

  /** What its event has led to; null when that began in an earlier process. */
  private @Nullable EventTree tree;

  public Stage(
      StreamPlan stream,
      CompiledNode node,
      int task,
      Object value,
      Origin origin,
      @Nullable AppendOutcome outcome) {
    this.stream = stream;
    this.node = node;
    this.task = task;
    this.value = value;
    this.origin = origin;
    this.outcome = outcome;
  }

  /** The same stage belongs to this event and its consequences. */
  public Stage in(EventTree of) {
    tree = of;
    return this;
  }

  /** What its event has led to. */
  public EventTree tree() {
    var present = tree;
    if (present == null) {
      present = new EventTree();
      tree = present;
    }
    return present;
  }
}
