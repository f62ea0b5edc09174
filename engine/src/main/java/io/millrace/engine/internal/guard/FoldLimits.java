package io.millrace.engine.internal.guard;

/**
 * What the code of topologies may take. They bind live only: what they decide is journaled, and a
 * replay obeys the journal.
 *
 * @param maxEvents stages and events that one event may lead to, itself not counted
 * @param maxTimeMs processor time of one stage in ms; ten times as much by the clock
 * @param maxBytes bytes one stage may allocate
 * @param pauses whether what takes long lets others in between: only where a thread goes on with it
 */
public record FoldLimits(long maxEvents, long maxTimeMs, long maxBytes, boolean pauses) {
  private static final long LEAST_BYTES = 64L << 20;

  /** Checks the values. */
  public FoldLimits {
    if (maxEvents < 1 || maxTimeMs < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("limits of folds must be positive");
    }
  }

  /** What is used unless somebody says otherwise: 100,000 events, a second, half of the heap. */
  public static FoldLimits standard(boolean pauses) {
    return new FoldLimits(100_000, 1_000, halfOfHeap(), pauses);
  }

  /** Half of the heap, at least 64 MiB. */
  public static long halfOfHeap() {
    return Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 2);
  }
}
