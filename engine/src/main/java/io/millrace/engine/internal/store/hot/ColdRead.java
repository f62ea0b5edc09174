package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.NotResidentException;
import org.jspecify.annotations.Nullable;

/**
 * An entry read from disk without the lock, on its way into memory. It is void if the entry was
 * written, or any checkpoint completed, since the read began.
 */
public final class ColdRead {
  final NotResidentException missing;
  final int durable;
  final byte @Nullable [] stored;

  ColdRead(NotResidentException missing, int durable, byte @Nullable [] stored) {
    this.missing = missing;
    this.durable = durable;
    this.stored = stored;
  }
}
