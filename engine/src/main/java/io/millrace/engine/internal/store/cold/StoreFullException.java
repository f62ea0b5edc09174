package io.millrace.engine.internal.store.cold;

/** The disk is full: the checkpoint was not made, nothing is lost, it can be tried again. */
public final class StoreFullException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public StoreFullException(String message) {
    super(message);
  }

  /** Creates the exception. */
  public StoreFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
