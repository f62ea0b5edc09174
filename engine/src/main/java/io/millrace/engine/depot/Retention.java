package io.millrace.engine.depot;

/**
 * How long the events of a depot are kept. What exceeds any limit is given up, oldest first; space
 * comes back as whole segments, so a little more than the limit may stay for a while.
 *
 * @param maxAgeMs age of the newest event of a segment from which it goes; 0 for no limit
 * @param maxBytes bytes on disk of the whole depot; 0 for no limit
 * @param maxCount events of the whole depot; 0 for no limit
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
