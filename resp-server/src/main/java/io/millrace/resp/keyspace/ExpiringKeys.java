package io.millrace.resp.keyspace;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries in memory that have a deadline, by the heap of deadlines. Its elements may be
 * early, or stand for no entry any more.
 */
public final class ExpiringKeys {
  private static final int MOST_STALE = 256;

  private final Keyspace keyspace;
  private final Deadlines deadlines;
  private @Nullable TaskState task;
  private @Nullable Database database;

  ExpiringKeys(Keyspace keyspace, Deadlines deadlines) {
    this.keyspace = keyspace;
    this.deadlines = deadlines;
  }

  /** Number of elements in the heap. */
  public int size() {
    return deadlines.size();
  }

  /** Task of the entry found last. */
  public @Nullable TaskState task() {
    return task;
  }

  /** Database of the entry found last. */
  public @Nullable Database database() {
    return database;
  }

  /** Finds the entry that an element stands for; false when there is none in memory. */
  public boolean find(Execution execution, int element, Ref out) {
    place(execution, element);
    byte[][] name = {null};
    visit(
        deadlines.hash(element),
        entry -> {
          name[0] = entry.copyKey();
          return false;
        });
    return name[0] != null && find(name[0], deadlines.hash(element), out);
  }

  /**
   * Finds the entry with the nearest deadline; elements that tell it wrong are corrected on the
   * way.
   *
   * @return false when it is not in memory, or too many elements were wrong
   */
  public boolean nearest(Execution execution, Ref out) {
    for (int i = 0; i < MOST_STALE && deadlines.size() > 0; i++) {
      place(execution, 0);
      long time = deadlines.firstTime();
      long hash = deadlines.firstHash();
      int taskId = deadlines.firstTask();
      int space = deadlines.firstSpace();
      var later = new ArrayList<Long>();
      byte[][] name = {null};
      visit(
          hash,
          entry -> {
            if (entry.expireAtMs <= time) {
              name[0] = entry.copyKey();
            } else {
              later.add(entry.expireAtMs);
            }
            return name[0] == null;
          });
      if (name[0] != null) {
        return find(name[0], hash, out);
      }
      deadlines.removeFirst();
      later.forEach(deadline -> deadlines.add(deadline, taskId, space, hash));
    }
    return false;
  }

  private void place(Execution execution, int element) {
    database = keyspace.owner(deadlines.space(element));
    task = execution.task(deadlines.task(element));
  }

  private interface Visitor {
    boolean visit(Ref entry);
  }

  private void visit(long hash, Visitor visitor) {
    var in = task;
    var of = database;
    if (in != null && of != null) {
      in.scan(of.entries, hash, hash, entry -> entry.expireAtMs == 0 || visitor.visit(entry));
    }
  }

  private boolean find(byte[] name, long hash, Ref out) {
    var in = task;
    var of = database;
    try {
      return in != null
          && of != null
          && in.find(of.entries, name, 0, name.length, hash, out)
          && out.expireAtMs != 0;
    } catch (NotResidentException onDisk) {
      return false;
    }
  }
}
