package io.millrace.engine.pstate;

/**
 * A value does not fit a schema, or a schema is not allowed. The message names the pstate and the
 * path where they are known, and both types.
 */
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a complete message. */
  public SchemaException(String message) {
    super(message);
  }

  /** A value of the wrong type inside a value: {@code where} is its place, or empty. */
  public static SchemaException mismatch(String where, String expected, String actual) {
    var place = where.isEmpty() ? "" : " at " + where;
    return new SchemaException("expected " + expected + place + ", got " + actual);
  }

  /** The same error with pstate and path in front. */
  public SchemaException in(String pstate, String path) {
    var located = new SchemaException("pstate=" + pstate + " path=" + path + ": " + getMessage());
    located.setStackTrace(getStackTrace());
    return located;
  }
}
