/**
 * The cold tier: what checkpoints have made durable, in RocksDB, which only this package knows. It
 * is written by checkpoints alone and knows neither the tables in memory nor the cuts.
 */
@NullMarked
package io.millrace.engine.internal.store.cold;

import org.jspecify.annotations.NullMarked;
