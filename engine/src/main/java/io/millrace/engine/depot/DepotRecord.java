package io.millrace.engine.depot;

import org.jspecify.annotations.Nullable;

/**
 * One event as it stands in a depot.
 *
 * @param offset its offset in the partition
 * @param timeMs its stamp
 * @param type declared type
 * @param version version of the type
 * @param flags flags of the depot's own meaning
 * @param key idempotency key, if it was sent with one
 * @param body the encoded event
 */
public record DepotRecord(
    long offset,
    long timeMs,
    int type,
    int version,
    int flags,
    byte @Nullable [] key,
    byte[] body) {}
