package io.millrace.http.ingest;

import org.jspecify.annotations.Nullable;

/**
 * One event as it came in.
 *
 * @param type declared type, when the sender named one
 * @param key idempotency key, when the sender gave one
 * @param json the event, an object without members of ours
 */
public record IncomingEvent(@Nullable String type, @Nullable String key, byte[] json) {}
