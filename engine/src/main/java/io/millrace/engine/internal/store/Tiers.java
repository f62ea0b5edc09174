package io.millrace.engine.internal.store;

/**
 * What cuts and snapshots are made of: both tiers of the store, and the lock that guards the hot
 * one.
 *
 * @param seed seed of the hashes of keys
 */
record Tiers(long seed, Slabs slabs, Views views, ColdTier cold, ExecutionLock lock) {}
