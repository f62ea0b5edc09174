package io.millrace.engine.depot;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The log behind the depots. Contract of every implementation:
 *
 * <ul>
 *   <li>Offsets of a partition increase but are not dense.
 *   <li>A suffix is never cut and nothing is changed in place.
 *   <li>An append may end as an {@link UnknownOutcomeException}: the caller must not take it for
 *       "not written".
 * </ul>
 */
public interface DepotLog extends AutoCloseable {
  /**
   * Appends a batch to a partition, in order.
   *
   * @return the offset of the last event of the batch, once {@code level} is reached
   */
  CompletableFuture<Long> append(int depot, int partition, List<DepotEvent> batch, AppendAck level);

  /** Reads from the first kept event whose offset is at least {@code fromOffset}. */
  DepotReader open(int depot, int partition, long fromOffset) throws IOException;

  /** Reads from the first kept event whose stamp is at least {@code fromTimeMs}. */
  DepotReader openAt(int depot, int partition, long fromTimeMs) throws IOException;

  /** An offset greater than every offset in use; -1 is never returned, 0 means empty. */
  long endOffset(int depot, int partition);

  /** Gives up events below {@code before}; they may stay readable for a while. */
  void truncatePrefix(int depot, int partition, long before) throws IOException;

  @Override
  void close() throws IOException;
}
