/**
 * The runtime of one node: the execution lock, lanes and turns, record execution, recovery, and the
 * threads behind them (checkpoint, housekeeping, loading).
 *
 * <p>Neighbours: it drives {@code internal.log} and {@code internal.store}; modules are folded
 * through {@link HostedModule}; {@code io.millrace.engine.Engine} is its public face.
 */
@NullMarked
package io.millrace.engine.internal.runtime;

import org.jspecify.annotations.NullMarked;
