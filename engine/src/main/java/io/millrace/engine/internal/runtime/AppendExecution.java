package io.millrace.engine.internal.runtime;

import org.jspecify.annotations.Nullable;

/** What a depot append that comes through a door may use while it holds the lock. */
public interface AppendExecution extends FoldExecution {
  /**
   * Folds an event and journals it: the fold runs first, so that it may find an entry missing and
   * be run again before anything is said; then the record, then the records its fold emitted.
   *
   * @param idempotencyKey key to keep in the record, or null; checking it is the caller's work
   * @return end position of the last record journaled
   */
  long appendEvent(
      int depotId,
      int partition,
      int typeId,
      int version,
      byte @Nullable [] idempotencyKey,
      byte[] body,
      int offset,
      int length);
}
