package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.internal.store.hot.Slabs;
import io.millrace.engine.internal.store.hot.Views;

/**
 * What cuts and snapshots are made of: both tiers of the store, and the lock that guards the hot
 * one.
 *
 * @param seed seed of the hashes of keys
 */
public record Tiers(long seed, Slabs slabs, Views views, ColdTier cold, ExecutionLock lock) {}
