package io.millrace.engine.topology;

/** A read or write of a key that lives on another task than the code that asked for it. */
public final class RoutingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int expectedTask;
  private final int actualTask;

  /** Creates the exception. */
  public RoutingException(String pstate, Object key, int expectedTask, int actualTask) {
    super(
        "pstate="
            + pstate
            + " key="
            + key
            + " lives on task "
            + expectedTask
            + ", but this runs on task "
            + actualTask
            + "; hop to the key first");
    this.expectedTask = expectedTask;
    this.actualTask = actualTask;
  }

  /** Task that owns the key. */
  public int expectedTask() {
    return expectedTask;
  }

  /** Task the code ran on. */
  public int actualTask() {
    return actualTask;
  }
}
