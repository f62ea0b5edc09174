package io.millrace.engine.depot;

import org.jspecify.annotations.Nullable;

/**
 * One event to append.
 *
 * @param type declared type
 * @param version version of the type
 * @param flags flags of the depot's own meaning, 0 to 255
 * @param key idempotency key, if any
 * @param body the encoded event
 */
public record DepotEvent(int type, int version, int flags, byte @Nullable [] key, byte[] body) {}
