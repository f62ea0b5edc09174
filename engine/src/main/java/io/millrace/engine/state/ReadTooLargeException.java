package io.millrace.engine.state;

/**
 * One execution wants to read much more from the disk than the memory for state can hold. Nothing
 * was changed, nor was the event appended whose fold wanted it. What is read in parts (ranges,
 * scans) stays within the budget.
 */
public final class ReadTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public ReadTooLargeException() {
    super(
        "this needs more state in memory at once than hot-memory has room for now;"
            + " try again, read it in parts, or raise hot-memory");
  }
}
