package io.millrace.engine.internal.store.hot;

/**
 * The time that entries get as that of their last access, in the unit of whoever sets it. Read and
 * set with the execution lock held.
 */
public final class AccessClock {
  private int seconds;

  int seconds() {
    return seconds;
  }

  public void seconds(int now) {
    seconds = now;
  }
}
