package io.millrace.engine.internal.store.hot;

/**
 * The node's execution lock as the store sees it. Checkpoints and snapshot readers take it from
 * their own threads for bursts of a few microseconds.
 */
public interface ExecutionLock {
  /** Waits for the lock and takes it. Not reentrant. */
  void acquire();

  /** Gives the lock back. */
  void release();

  /**
   * A stamp for reading without the lock, or a negative number when somebody holds it. What is read
   * may be torn and must be thrown away unless {@link #unheldSince} says otherwise afterwards.
   */
  default long unheld() {
    return -1;
  }

  /** True when nobody has held the lock since a stamp was given: what was read in between holds. */
  default boolean unheldSince(long stamp) {
    return false;
  }
}
