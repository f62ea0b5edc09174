package io.millrace.resp.keyspace;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Ref;

/**
 * Finds, after a start, the entries that carry a deadline, slice by slice, so that a node answers
 * before it has looked at all of its keys.
 */
final class Sweep {
  static final Sweep FINISHED = new Sweep(0);

  private final int tasks;
  private int task;
  private int database;
  private long fromHash;
  private int seen;
  private long lastHash;

  Sweep(int tasks) {
    this.tasks = tasks;
  }

  boolean step(Keyspace keyspace, Execution execution, int budget) {
    if (task >= tasks) {
      return false;
    }
    var current = keyspace.database(database);
    seen = 0;
    lastHash = fromHash;
    boolean[] stopped = {false};
    int taskId = task;
    execution
        .task(taskId)
        .scan(
            current.entries(),
            fromHash,
            -1,
            entry -> visit(keyspace, current, taskId, entry, budget, stopped));
    if (stopped[0] && lastHash != -1) {
      fromHash = lastHash + 1;
      return true;
    }
    fromHash = 0;
    database++;
    if (database == Keyspace.DATABASES) {
      database = 0;
      task++;
    }
    return task < tasks;
  }

  private boolean visit(
      Keyspace keyspace, Database current, int taskId, Ref entry, int budget, boolean[] stopped) {
    // Entries of one hash stay in one slice.
    if (seen >= budget && entry.hash != lastHash) {
      stopped[0] = true;
      return false;
    }
    seen++;
    lastHash = entry.hash;
    if (entry.expireAtMs != 0) {
      keyspace.expiry().swept(current, taskId, entry);
    }
    return true;
  }
}
