package io.millrace.engine.internal.guard;

/**
 * Ends a stage that has gone beyond a limit. An error and no exception, so that code of modules
 * that catches exceptions does not take it for one of its own.
 */
public final class FoldLimitError extends Error {
  private static final long serialVersionUID = 1L;

  /** Says which limit. */
  public FoldLimitError(String message) {
    super(message);
  }

  /** Says which limit, and what the code of the module made of it. */
  FoldLimitError(String message, Throwable cause) {
    super(message, cause);
  }
}
