package io.millrace.resp.command;

import java.util.concurrent.CompletionStage;

/**
 * Ends the run of a command that has begun something which takes long, outside of the lock; the
 * command is run again when that is done, and other clients are served meanwhile. A handler throws
 * it before it has changed anything, and keeps what it began in the session.
 */
public final class Parked extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial")
  private final CompletionStage<?> work;

  /** Parks a command until work is done, well or badly. */
  public Parked(CompletionStage<?> work) {
    super("parked", null, false, false);
    this.work = work;
  }

  /** What the command waits for. */
  public CompletionStage<?> work() {
    return work;
  }
}
