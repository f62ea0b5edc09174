package io.millrace.engine.internal.runtime;

/**
 * Result of a unit of work under the lock.
 *
 * @param value what the work returned
 * @param position journal position that must be released before the result may be told
 */
public record Completed<T>(T value, long position) {}
