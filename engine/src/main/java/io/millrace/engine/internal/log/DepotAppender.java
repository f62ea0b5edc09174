package io.millrace.engine.internal.log;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.DepotEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How events get into the journal: the runtime, which stamps them under its execution lock. */
public interface DepotAppender {
  /** Appends a batch in order; completes with the last offset once {@code level} is reached. */
  CompletableFuture<Long> append(int depot, int partition, List<DepotEvent> batch, AppendAck level);

  /** An offset greater than every offset given out. */
  long endOffset(int depot, int partition);
}
