package io.millrace.engine.path;

/** A path cannot be read, does not fit its pstate, or met a value it cannot work on. */
public final class PathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  /** Creates an exception that is not about a place in a text. */
  public PathException(String message) {
    this(message, -1);
  }

  /** Creates an exception about a place in a text. */
  public PathException(String message, int position) {
    super(position < 0 ? message : message + " (at character " + position + ")");
    this.position = position;
  }

  /** Index in the path text of the character in error, from 0, or -1. */
  public int position() {
    return position;
  }

  /** The same error with pstate and path in front. */
  public PathException in(String pstate, String path) {
    var located = new PathException("pstate=" + pstate + " path=" + path + ": " + getMessage());
    located.setStackTrace(getStackTrace());
    return located;
  }
}
