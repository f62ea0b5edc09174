package io.millrace.engine.internal.log;

/** A reader asked for a position that has been truncated away. */
public final class PositionGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates it for a wanted position and the oldest one kept. */
  public PositionGoneException(long wanted, long oldest) {
    super("The journal no longer has this position: wanted=" + wanted + " oldest=" + oldest);
  }
}
