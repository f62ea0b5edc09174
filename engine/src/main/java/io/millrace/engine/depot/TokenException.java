package io.millrace.engine.depot;

/** What a token names has not been seen, and why it is not going to be waited for any longer. */
public final class TokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** It is no token, or names a depot that is not here. */
    INVALID,
    /** It names events this data directory does not have: they were lost, or are another's. */
    LOST,
    /** A topology has stopped before what it names. */
    STOPPED,
    /** It was not folded in time. */
    TIMEOUT
  }

  private final Reason reason;

  /** Creates it. */
  public TokenException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
