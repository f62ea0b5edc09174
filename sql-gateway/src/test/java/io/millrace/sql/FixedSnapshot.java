package io.millrace.sql;

import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.Snapshot;

/** A snapshot for tables that keep their rows themselves. */
record FixedSnapshot(long position, Runnable closed) implements Snapshot {
  @Override
  public long stampMs() {
    return 0;
  }

  @Override
  public int tasks() {
    return MemoryPagedTable.TASKS;
  }

  @Override
  public TaskSnapshot task(int taskId) {
    throw new UnsupportedOperationException("no tasks");
  }

  @Override
  public void close() {
    closed.run();
  }
}
