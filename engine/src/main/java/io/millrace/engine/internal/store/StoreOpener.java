package io.millrace.engine.internal.store;

import io.millrace.engine.internal.store.hot.ExecutionLock;

/** Opens the store of a node; tests open it over a cold tier of their own. */
@FunctionalInterface
public interface StoreOpener {
  /** Opens the store in a directory at its last durable cut. */
  TieredStore open(StoreConfig config, ExecutionLock lock);
}
