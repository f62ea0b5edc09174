package io.millrace.engine.depot;

/** The disk is full: nothing was changed, reads go on, and writes are taken again by themselves. */
public final class NoSpaceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public NoSpaceException() {
    super("the disk is full; writes are refused until there is space again");
  }
}
