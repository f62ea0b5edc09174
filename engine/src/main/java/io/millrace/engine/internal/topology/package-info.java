/**
 * The fold runtime of a module: records come in, stages are queued and run, topologies that fail
 * stop and are ended, duplicates are known.
 *
 * <p>Neighbours: {@code internal.runtime} hosts each module through {@link
 * io.millrace.engine.internal.topology.ModuleHost}; {@code internal.stage} runs one stage; {@code
 * internal.client} is the way in. Everything here runs while the execution lock is held, except
 * where a method says otherwise.
 */
@NullMarked
package io.millrace.engine.internal.topology;

import org.jspecify.annotations.NullMarked;
