/**
 * The tiered store: {@code hot}, entries in memory, over {@code cold}, a tier in RocksDB that only
 * checkpoints write, and {@code cut}, checkpoints and snapshots over both. Here is the facade that
 * puts them together; the rest of the engine goes through it.
 */
@NullMarked
package io.millrace.engine.internal.store;

import org.jspecify.annotations.NullMarked;
