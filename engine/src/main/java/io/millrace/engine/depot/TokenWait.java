package io.millrace.engine.depot;

import io.millrace.engine.state.Execution;

/**
 * A wait for what a token names: every topology that reads the depot has folded these events, hops
 * included, and what they had appended to other depots as well.
 */
public interface TokenWait {
  /**
   * Looks while a lane holds the lock.
   *
   * @return true when there is nothing left to wait for
   * @throws TokenException when there is no use in waiting
   */
  boolean isDone(Execution held);

  /**
   * Waits, on a thread that is no lane.
   *
   * @param timeoutNs how long at most
   * @param stillWanted called every now and then; what it throws ends the wait
   * @return a journal position whose state shows what the token names
   * @throws TokenException when there is no use in waiting, or the time is up
   */
  long await(long timeoutNs, Runnable stillWanted);
}
