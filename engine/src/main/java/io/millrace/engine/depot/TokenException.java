package io.millrace.engine.depot;

import org.jspecify.annotations.Nullable;

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
  private final transient @Nullable FoldStop stop;

  /** Creates it. */
  public TokenException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    stop = null;
  }

  /** A topology has stopped before what the token names. */
  public TokenException(FoldStop stop) {
    super("an event of the token is not folded: " + stop.text());
    reason = Reason.STOPPED;
    this.stop = stop;
  }

  /** The stop that is in the way; only with {@link Reason#STOPPED}. */
  public @Nullable FoldStop stop() {
    return stop;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
