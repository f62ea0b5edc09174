package io.millrace.engine.table;

import io.millrace.engine.state.TaskSnapshot;

/** The state of all tasks at one journal position. Must be closed; open ones hold back eviction. */
public interface Snapshot extends AutoCloseable {
  /** Journal position of the cut. */
  long position();

  /** Stamp of the cut in ms: entries with a deadline at or below it are expired. */
  long stampMs();

  /** Number of tasks. */
  int tasks();

  /** Entries of one task at the cut. */
  TaskSnapshot task(int taskId);

  @Override
  void close();
}
