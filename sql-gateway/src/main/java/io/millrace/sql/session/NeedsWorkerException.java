package io.millrace.sql.session;

/**
 * What was asked for can take long or block, so an event loop must not do it: control flow between
 * session and connection. Nothing has happened yet.
 */
public final class NeedsWorkerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final NeedsWorkerException INSTANCE = new NeedsWorkerException();

  private NeedsWorkerException() {
    super(null, null, false, false);
  }
}
