package io.millrace.engine.internal.store.cold;

import org.jspecify.annotations.Nullable;

/** All that a checkpoint writes: all of it becomes durable, or nothing. */
public interface ColdBatch extends AutoCloseable {
  /** Adds entries and deletions. */
  void add(@Nullable Records copies);

  /** Deletes a dropped space. */
  void deleteSpace(Space space, int tasks);

  /** Says which cut this is. */
  void putMeta(byte[] meta);

  /** Makes the batch durable and returns its size. */
  long write();

  @Override
  void close();
}
