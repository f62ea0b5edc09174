/**
 * One node at work: the execution lock, lanes and turns, record execution, modules and recovery.
 *
 * <p>Neighbours: it drives {@code internal.log} and {@code internal.store}; modules are folded
 * through {@link HostedModule}; {@code internal.node} opens it on a data directory and runs its
 * background work.
 */
@NullMarked
package io.millrace.engine.internal.runtime;

import org.jspecify.annotations.NullMarked;
