package io.millrace.engine.depot;

import org.jspecify.annotations.Nullable;

/**
 * An event is in its depot, but a topology has stopped and did not fold it. The cause is what its
 * code threw, when that happened in this process for this very event.
 */
public final class FoldStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient AppendResult result;

  /** Creates it. */
  FoldStoppedException(String message, AppendResult result, @Nullable Throwable cause) {
    super(message, cause);
    this.result = result;
  }

  /** What became of the append. */
  public AppendResult result() {
    return result;
  }
}
