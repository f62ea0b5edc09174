package io.millrace.engine.depot;

import java.util.List;
import java.util.Map;

/**
 * An append that has happened but must not be told before the journal is released up to {@link
 * #position}. Methods that look at folds require the execution lock, unless {@link #position} has
 * been taken from the same hold.
 */
public interface Appended {
  /** Journal position that must be released before anybody is told. */
  long position();

  /** Names the event. */
  Token token();

  /** Partition of the event. */
  int partition();

  /** Offset of the event. */
  long offset();

  /** True when the idempotency key was known and nothing was appended. */
  boolean isDuplicate();

  /** True when no stage of the event waits any more. */
  boolean isDone();

  /** Topologies that have stopped and did not fold all of it, and why. */
  List<FoldStop> stops();

  /** Names of these topologies, inside the module. */
  default List<String> stopped() {
    return FoldStop.names(stops());
  }

  /** What topologies answered. */
  Map<String, Object> returns();

  /** Runs an action, with the lock held, once {@link #isDone}; at once when it is. */
  void whenDone(Runnable action);

  /** All of it, as of now. */
  AppendResult result(AppendAck ack);
}
