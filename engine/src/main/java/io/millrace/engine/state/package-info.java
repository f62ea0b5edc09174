/**
 * Low-level state of one task, for native modules such as the keyspace: entries, and the execution
 * in which they change.
 *
 * <p>Neighbours: {@code tree} keeps what is larger than one value; {@code pstate} and {@code
 * topology} offer the typed model on top; {@code internal.store} implements it. Everything here
 * runs while the node's execution lock is held, except {@link ReadView} of a snapshot.
 */
@NullMarked
package io.millrace.engine.state;

import org.jspecify.annotations.NullMarked;
