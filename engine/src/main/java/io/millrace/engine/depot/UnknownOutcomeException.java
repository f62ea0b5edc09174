package io.millrace.engine.depot;

/** An append may or may not have happened: its answer was lost on the way. */
public final class UnknownOutcomeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what is known. */
  public UnknownOutcomeException(String message, Throwable cause) {
    super(message, cause);
  }
}
