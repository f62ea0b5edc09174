package io.millrace.sql.wire;

/** The client has gone or does not read; nobody is there to be told. */
final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClientGoneException(String message) {
    super(message, null, false, false);
  }
}
