package io.millrace.engine.module;

/** A module cannot be deployed as it is defined; the message says what to write instead. */
public final class DefinitionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public DefinitionException(String message) {
    super(message);
  }

  /** Creates the exception for a cause whose message says it all. */
  public DefinitionException(String message, Throwable cause) {
    super(message, cause);
  }
}
