package io.millrace.engine.internal.store;

/**
 * The node's execution lock as the store sees it. Checkpoints and snapshot readers take it from
 * their own threads for bursts of a few microseconds.
 */
public interface ExecutionLock {
  /** Waits for the lock and takes it. Not reentrant. */
  void acquire();

  /** Gives the lock back. */
  void release();
}
