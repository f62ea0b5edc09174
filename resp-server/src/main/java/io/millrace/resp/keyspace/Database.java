package io.millrace.resp.keyspace;

import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.PageTree;
import org.jspecify.annotations.Nullable;

/** One numbered database: two spaces of every task. Flushing replaces the spaces. */
public final class Database {
  private final int index;
  int entries = -1;
  int pages = -1;
  long deadlines;
  long hashSeed;
  EncodingLimits limits = new EncodingLimits();
  @Nullable Discarded discarded;

  Database(int index) {
    this.index = index;
  }

  /** Number of the database. */
  public int index() {
    return index;
  }

  /** Space of the keys, ordered by hash. */
  public int entries() {
    return entries;
  }

  /** Space of the pages of large values, ordered by key. */
  public int pages() {
    return pages;
  }

  /** Frees the pages of a collection that is about to be removed: few at once, many behind. */
  public void discard(TaskState task, PageTree tree) {
    Discarded to = discarded;
    if (to == null) {
      throw new IllegalStateException("the database is not attached to an engine");
    }
    to.add(task, pages, tree);
  }

  /** Seed of hashes in this data directory. */
  public long hashSeed() {
    return hashSeed;
  }

  /** Up to where compact forms are named. */
  public EncodingLimits limits() {
    return limits;
  }

  /** Number of keys with a deadline, as far as known. */
  public long deadlines() {
    return deadlines;
  }
}
