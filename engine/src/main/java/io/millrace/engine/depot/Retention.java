package io.millrace.engine.depot;

/**
 * How long the events of a depot are kept. What exceeds any limit is given up some seconds later,
 * the segments with the oldest events first; the disk really shrinks. Never less than the limit is
 * kept, and at rest at most a quarter more. What a stopped topology has not folded stays in any
 * case, until it is resumed or skipped; so does everything of a depot whose module is absent.
 *
 * @param maxAgeMs age in milliseconds from which events go, a quarter more for the oldest of a
 *     segment; 0 for no limit
 * @param maxBytes bytes on disk of the whole depot; 0 for no limit
 * @param maxCount events of the whole depot, all partitions together; 0 for no limit
 */
public record Retention(long maxAgeMs, long maxBytes, long maxCount) {
  /** Keeps everything. */
  public static final Retention FOREVER = new Retention(0, 0, 0);

  /** Checks the limits. */
  public Retention {
    if (maxAgeMs < 0 || maxBytes < 0 || maxCount < 0) {
      throw new IllegalArgumentException(
          "A retention limit must not be negative: maxAgeMs="
              + maxAgeMs
              + " maxBytes="
              + maxBytes
              + " maxCount="
              + maxCount);
    }
  }

  /** True when nothing is ever given up. */
  public boolean forever() {
    return maxAgeMs == 0 && maxBytes == 0 && maxCount == 0;
  }
}
