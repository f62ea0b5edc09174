package io.millrace.resp.dump;

import io.millrace.resp.protocol.CommandException;

/**
 * Memory that reading one payload may take. A few compressed bytes can announce very much, and many
 * small elements take more room as objects than as bytes; both are counted before they are made.
 */
public final class Budget {
  private static final CommandException TOO_LARGE =
      new CommandException("OOM the payload holds more than this node can restore at once");
  private static final int OBJECT = 32;

  private final boolean folding;
  private long left;

  private Budget(long bytes, boolean folding) {
    left = bytes;
    this.folding = folding;
  }

  /** A quarter of the heap. */
  public static Budget ofHeap() {
    return new Budget(Runtime.getRuntime().maxMemory() / 4, false);
  }

  /**
   * Half of the heap, for a payload that was acknowledged once, maybe with a larger heap. What
   * needs more ends the fold, in words, instead of losing it.
   */
  public static Budget ofFold() {
    return new Budget(Runtime.getRuntime().maxMemory() / 2, true);
  }

  /** Takes the room of one array of bytes. */
  void take(long bytes) {
    left -= bytes + OBJECT;
    if (left < 0 && folding) {
      throw new IllegalStateException(
          "a logged RESTORE needs more memory than half of the heap: start with a larger heap,"
              + " heap="
              + Runtime.getRuntime().maxMemory());
    }
    if (left < 0) {
      throw TOO_LARGE;
    }
  }
}
