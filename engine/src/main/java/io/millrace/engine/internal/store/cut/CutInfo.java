package io.millrace.engine.internal.store.cut;

/**
 * The durable cut a store was opened at.
 *
 * @param position journal position
 * @param stampMs stamp of the newest record in it
 * @param runtimeMeta what the runtime gave to the cut
 */
public record CutInfo(long position, long stampMs, byte[] runtimeMeta) {}
