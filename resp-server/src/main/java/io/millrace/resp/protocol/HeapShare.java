package io.millrace.resp.protocol;

/** What a single command may take of the heap, where a client decides how much it is. */
public final class HeapShare {
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;
  private static final long HEAP = Runtime.getRuntime().maxMemory();

  private HeapShare() {}

  /** A quarter of the heap, and no more than an array can hold. */
  public static int quarter() {
    return (int) Math.min(HEAP / 4, LONGEST_ARRAY);
  }

  /**
   * Refuses to make a string before it is made.
   *
   * @throws CommandException when it is longer than a quarter of the heap
   */
  public static void require(long bytes) {
    if (bytes > quarter()) {
      throw new CommandException("OOM the value is larger than this node can make at once");
    }
  }
}
