package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.guard.EventTree;
import org.jspecify.annotations.Nullable;

/** Code between two hops, about to run: what follows a place, for one value, on one task. */
final class Stage {
  /** {@link #sequence} of a stage that has no entry. */
  static final long NOT_STORED = -1;

  final StreamPlan stream;
  final CompiledNode node;
  final int task;
  final Object value;
  final Origin origin;
  final @Nullable AppendOutcome outcome;

  /** Number of its entry while it waits. */
  long sequence = NOT_STORED;

  /** What its event has led to; null when that began in an earlier process. */
  private @Nullable EventTree tree;

  Stage(
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
  Stage in(EventTree of) {
    tree = of;
    return this;
  }

  /** What its event has led to. */
  EventTree tree() {
    var present = tree;
    if (present == null) {
      present = new EventTree();
      tree = present;
    }
    return present;
  }
}
