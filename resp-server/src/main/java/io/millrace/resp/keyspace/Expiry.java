package io.millrace.resp.keyspace;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.util.HashSet;

/**
 * The ends of keys: which entries may be expired, and giving back their memory. Derived from state,
 * never part of it: after a start a sweep finds the deadlines again.
 *
 * <p>Used with the execution lock held only.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class Expiry {
  private static final int SWEEP_AT_START = 1000;
  private static final int SWEEPS_AT_START = 2000;

  private final Keyspace keyspace;
  private final Deadlines deadlines = new Deadlines();
  private final Ref scratch = new Ref();
  private Sweep sweep = Sweep.FINISHED;

  Expiry(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** Begins anew over recovered state: finds the first of its deadlines. */
  void recovered(Execution execution) {
    deadlines.clear();
    for (int i = 0; i < Keyspace.DATABASES; i++) {
      keyspace.database(i).deadlines = 0;
    }
    sweep = new Sweep(execution.tasks());
    boolean more = true;
    for (int i = 0; more && i < SWEEPS_AT_START; i++) {
      more = sweep(execution, SWEEP_AT_START);
    }
  }

  /**
   * After a start, looks for deadlines in the next slice of the key space.
   *
   * @return true when there is more to look at
   */
  public boolean sweep(Execution execution, int entries) {
    return sweep.step(keyspace, execution, entries);
  }

  void swept(Database database, int task, Ref entry) {
    deadlines.add(entry.expireAtMs, task, database.entries, entry.hash);
    database.deadlines++;
  }

  void changed(Key key, long before, long after) {
    var database = key.database();
    database.deadlines += (after != 0 ? 1 : 0) - (before != 0 ? 1 : 0);
    if (after != 0 && (before == 0 || after < before)) {
      deadlines.add(after, key.task().taskId(), database.entries, key.hash());
    }
  }

  /** A finder of entries that have a deadline. */
  public ExpiringKeys keys() {
    return new ExpiringKeys(keyspace, deadlines);
  }

  /** True when some entry may be expired at a stamp and its memory not yet be reclaimed. */
  public boolean expirable(long stampMs) {
    return deadlines.firstTime() <= stampMs;
  }

  /** Number of entries of a database that are expired at the stamp and still there. */
  long expired(Database database, Execution execution) {
    long stampMs = execution.stampMs();
    if (!expirable(stampMs)) {
      return 0;
    }
    var seen = new HashSet<Long>();
    long[] count = {0};
    deadlines.visitUntil(
        stampMs,
        (task, space, hash) -> {
          if (space == database.entries && seen.add(hash)) {
            count[0] += expired(execution.task(task), space, hash, stampMs);
          }
        });
    return count[0];
  }

  private static long expired(TaskState task, int space, long hash, long stampMs) {
    long[] count = {0};
    task.scan(
        space,
        hash,
        hash,
        entry -> {
          count[0] += entry.expireAtMs != 0 && entry.expireAtMs <= stampMs ? 1 : 0;
          return true;
        });
    return count[0];
  }

  /** True when the newest record is not newer than the first deadline: a CLOCK record is needed. */
  public boolean needsClock(Execution execution) {
    return deadlines.firstTime() > execution.newestRecordMs();
  }

  /**
   * Reclaims entries whose deadline is at or below the newest record's time. Not a logged change:
   * an expired entry is outside the state hash.
   *
   * @return number of keys reclaimed
   */
  public int reclaim(Execution execution, int budget) {
    int reclaimed = 0;
    long horizon = execution.newestRecordMs();
    for (int i = 0; i < budget && deadlines.firstTime() <= horizon; i++) {
      int taskId = deadlines.firstTask();
      int space = deadlines.firstSpace();
      long hash = deadlines.firstHash();
      var database = keyspace.owner(space);
      if (database != null) {
        reclaimed += reclaim(execution.task(taskId), database, hash, horizon);
      }
      // Only now: a key that could not be read keeps its deadline. What was added lies behind it.
      deadlines.removeFirst();
    }
    return reclaimed;
  }

  private int reclaim(TaskState task, Database database, long hash, long horizon) {
    byte[][] name = {null};
    task.scan(
        database.entries,
        hash,
        hash,
        entry -> {
          if (entry.expireAtMs != 0) {
            if (entry.expireAtMs <= horizon) {
              name[0] = entry.copyKey();
              return false;
            }
            deadlines.add(entry.expireAtMs, task.taskId(), database.entries, hash);
          }
          return true;
        });
    var key = name[0];
    if (key == null || !task.find(database.entries, key, 0, key.length, hash, scratch)) {
      return 0;
    }
    keyspace.type(scratch.kind).free(task, database, scratch);
    task.remove(scratch);
    database.deadlines--;
    keyspace.reclaimed(database, key);
    return 1;
  }
}
