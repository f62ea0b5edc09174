/**
 * The tiered store: a hot tier of entries in memory, a cold tier in RocksDB that only checkpoints
 * write, and cuts and snapshots over both.
 */
@NullMarked
package io.millrace.engine.internal.store;

import org.jspecify.annotations.NullMarked;
