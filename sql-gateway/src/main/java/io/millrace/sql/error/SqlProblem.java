package io.millrace.sql.error;

import org.jspecify.annotations.Nullable;

/** A statement failed: SQLSTATE, message, and where known position, detail and hint. */
public final class SqlProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String state;
  private final int position;
  private final @Nullable String hint;

  /**
   * A problem with everything known.
   *
   * @param position 1-based character position in the statement's text, 0 when unknown
   */
  public SqlProblem(
      String state,
      String message,
      int position,
      @Nullable String hint,
      @Nullable Throwable cause) {
    super(message, cause);
    this.state = state;
    this.position = position;
    this.hint = hint;
  }

  /** A problem without a position. */
  public SqlProblem(String state, String message) {
    this(state, message, 0, null, null);
  }

  /** A problem with a hint. */
  public static SqlProblem withHint(String state, String message, @Nullable String hint) {
    return new SqlProblem(state, message, 0, hint, null);
  }

  /** Something that is not offered. */
  public static SqlProblem unsupported(String what, @Nullable String hint) {
    return new SqlProblem(SqlState.FEATURE_NOT_SUPPORTED, what, 0, hint, null);
  }

  /** Text that is no value of a type. */
  public static SqlProblem badText(String type, String text) {
    return new SqlProblem(
        SqlState.INVALID_TEXT, "invalid input syntax for type " + type + ": \"" + text + "\"");
  }

  /** The same problem at a position. */
  public SqlProblem at(int newPosition) {
    return new SqlProblem(state, message(), newPosition, hint, getCause());
  }

  /** Five-character SQLSTATE. */
  public String state() {
    return state;
  }

  /** The message, never null. */
  public String message() {
    return String.valueOf(getMessage());
  }

  /** 1-based character position in the statement, 0 when unknown. */
  public int position() {
    return position;
  }

  /** What the user may do about it. */
  public @Nullable String hint() {
    return hint;
  }
}
