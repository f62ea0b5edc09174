/**
 * The hot tier: entries in memory, in slabs and tables, how a task finds and changes them, how they
 * come from the cold tier and leave memory again. Also what a change has to keep: the old content
 * for a rollback, and versions that a running checkpoint or a view still needs. Lies over {@code
 * cold}; cuts and snapshots are made of it by {@code cut}.
 */
@NullMarked
package io.millrace.engine.internal.store.hot;

import org.jspecify.annotations.NullMarked;
