package io.millrace.engine.internal.runtime;

import io.millrace.engine.depot.Retention;

/**
 * A depot as its module declares it.
 *
 * @param name name within the module
 * @param keep whether its records outlive the checkpoint (copied into segments of their own)
 * @param retention how long a kept depot keeps them
 */
public record DepotSpec(String name, boolean keep, Retention retention) {}
