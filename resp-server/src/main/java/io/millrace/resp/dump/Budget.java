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

  private long left;

  private Budget(long bytes) {
    left = bytes;
  }

  /** A quarter of the heap. */
  public static Budget ofHeap() {
    return new Budget(Runtime.getRuntime().maxMemory() / 4);
  }

  /** No limit: a record that is folded again was within it once. */
  public static Budget unlimited() {
    return new Budget(Long.MAX_VALUE);
  }

  /** Takes the room of one array of bytes. */
  void take(long bytes) {
    left -= bytes + OBJECT;
    if (left < 0) {
      throw TOO_LARGE;
    }
  }
}
