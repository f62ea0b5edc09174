package io.millrace.engine.topology;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.pstate.PState;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where a stage of a topology runs: the task, its pstates, and what comes from the record. Time,
 * random numbers and ids come from here and nowhere else, so that a fold is the same every time.
 * Valid only while the code it is given to runs.
 */
public interface TaskContext {
  /** The task this runs on, which is also the partition of every pstate it sees. */
  int task();

  /** Number of tasks. */
  int tasks();

  /** The task of a key. */
  int taskOf(Object key);

  /** Stamp of the record, ms since the epoch. */
  long timeMs();

  /** Partition of the record in its depot. */
  int partition();

  /** Offset of the record in its partition. */
  long offset();

  /** Random numbers, the same whenever the record is folded. */
  RandomGenerator random();

  /** An id never given before in the module. */
  long newId();

  /** Begins a write into this task's part of a pstate. */
  PStateWriter write(PState pstate);

  /** Begins a read of this task's part of a pstate. */
  PStateReader read(PState pstate);

  /**
   * Answers the appender, when it waits for the fold: the last value given in the tree of an event
   * is returned under the name of the topology.
   */
  void ack(@Nullable Object value);

  /**
   * Appends an event to a depot of the module: to the partition of its key, or of the present task
   * when the depot has none. It is in the journal right behind the record it follows from.
   */
  <T> void append(Depot<T> depot, T event);
}
