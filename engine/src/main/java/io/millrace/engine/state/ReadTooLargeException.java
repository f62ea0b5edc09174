package io.millrace.engine.state;

/**
 * One execution wants to read much more from the disk than the memory for state can hold. Nothing
 * was changed. What is read in parts (ranges, scans) stays within the budget.
 */
public final class ReadTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public ReadTooLargeException() {
    super("one read needs more than hot-memory can hold; read it in parts, or raise hot-memory");
  }
}
