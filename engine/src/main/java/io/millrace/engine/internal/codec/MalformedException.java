package io.millrace.engine.internal.codec;

/** Bytes that no writer of ours wrote. */
public final class MalformedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public MalformedException(String message) {
    super(message);
  }
}
