package io.millrace.engine.topology;

/** A topology cannot be resumed or skipped as asked; the message lists what there is. */
public final class TopologyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why: the one list that every door translates. */
  public enum Reason {
    /** There is no topology of this name. */
    UNKNOWN_TOPOLOGY("ROUTE"),
    /** The topology reads no depot of this name. */
    UNKNOWN_DEPOT("ROUTE"),
    /** The depot has no partition of this number. */
    NO_PARTITION("ROUTE"),
    /** A skip gives up one event: its depot and partition must be named. */
    NOT_NAMED("USAGE"),
    /** Nothing that fits has stopped. */
    NOT_STOPPED("NOTSTOPPED"),
    /** It has stopped at another event than the one named. */
    OTHER_OFFSET("NOTSTOPPED"),
    /** The disk is full: nothing has happened. */
    NO_SPACE("NOSPACE"),
    /** Its fold needs more state in memory than there is room for now: nothing has happened. */
    BUSY("BUSY"),
    /** The journal could not be written in time: it may or may not have happened, look again. */
    TIMEOUT("TIMEOUT");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /** Stable upper-case word, the same at every door. */
    public String code() {
      return code;
    }
  }

  private final Reason reason;

  /** Creates it. */
  public TopologyException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
