package io.millrace.resp.protocol;

import io.millrace.engine.state.RequestMemory;

/** What a single command may take of the heap, where a client decides how much it is. */
public final class HeapShare {
  private static final int LARGEST = RequestMemory.largestValue(Runtime.getRuntime().maxMemory());

  private HeapShare() {}

  /** Bytes of the largest value that this process can hold and store. */
  public static int largest() {
    return LARGEST;
  }

  /** Bytes of the largest reply: a third more than the largest value. */
  public static int largestReply() {
    return (int) Math.min(LARGEST + LARGEST / 3L, Integer.MAX_VALUE - 64);
  }

  /**
   * Refuses to make a string before it is made.
   *
   * @throws CommandException when it is larger than the largest value
   */
  public static void require(long bytes) {
    if (bytes > LARGEST) {
      throw new CommandException("OOM the value is larger than this node can make at once");
    }
  }
}
