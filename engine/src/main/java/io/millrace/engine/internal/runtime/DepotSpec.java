package io.millrace.engine.internal.runtime;

/**
 * A depot as its module declares it.
 *
 * @param name name within the module
 * @param keep whether its records outlive the checkpoint (copied into segments of their own)
 */
public record DepotSpec(String name, boolean keep) {}
