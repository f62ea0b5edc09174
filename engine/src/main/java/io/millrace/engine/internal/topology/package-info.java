/**
 * The fold runtime: topologies compiled into plans, stages run one after another, hops that wait,
 * topologies that stop, and the clients' side of depots.
 *
 * <p>Neighbours: {@code internal.runtime} hosts each module through {@link
 * io.millrace.engine.internal.topology.ModuleHost}; {@code internal.plan} stores pstates.
 * Everything here runs while the execution lock is held, except where a method says otherwise.
 */
@NullMarked
package io.millrace.engine.internal.topology;

import org.jspecify.annotations.NullMarked;
