package io.millrace.engine.internal.store.cold;

/** A file of the cold tier is damaged; the message names it. */
public final class StoreDamagedException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public StoreDamagedException(String message) {
    super(message);
  }

  /** Creates the exception. */
  public StoreDamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
