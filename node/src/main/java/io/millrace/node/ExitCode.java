package io.millrace.node;

/** Exit codes of every command. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** Failed. */
  public static final int FAILED = 1;

  /** Used or configured wrongly. */
  public static final int USAGE = 2;

  /** Done, but some items were skipped. */
  public static final int SKIPPED = 3;

  /** Not now: try again. */
  public static final int TRY_AGAIN = 75;

  private ExitCode() {}
}
