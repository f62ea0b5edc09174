package io.millrace.engine.internal.stage;

import org.jspecify.annotations.Nullable;

/**
 * The depot record an event tree grew from.
 *
 * @param depot name of the depot inside the module
 * @param partition its partition
 * @param offset its offset
 * @param timeMs its stamp
 * @param key its idempotency key, beside which answers are kept, or null
 */
public record Origin(String depot, int partition, long offset, long timeMs, byte @Nullable [] key) {
  /** True when both are the same record. */
  public boolean isSame(Origin other) {
    return offset == other.offset && partition == other.partition && depot.equals(other.depot);
  }
}
