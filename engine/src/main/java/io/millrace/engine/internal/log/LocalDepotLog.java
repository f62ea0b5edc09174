package io.millrace.engine.internal.log;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.DepotEvent;
import io.millrace.engine.depot.DepotLog;
import io.millrace.engine.depot.DepotReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The depot log of one machine: appends go through the journal, old events are in segments. */
public final class LocalDepotLog implements DepotLog {
  private final DepotAppender appender;
  private final DepotSegments segments;

  /** Joins the way in and the way back. */
  public LocalDepotLog(DepotAppender appender, DepotSegments segments) {
    this.appender = appender;
    this.segments = segments;
  }

  @Override
  public CompletableFuture<Long> append(
      int depot, int partition, List<DepotEvent> batch, AppendAck level) {
    if (batch.isEmpty()) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("An append needs an event: depot=" + depot));
    }
    return appender.append(depot, partition, batch, level);
  }

  @Override
  public DepotReader open(int depot, int partition, long fromOffset) {
    return segments.read(depot, partition, fromOffset);
  }

  @Override
  public DepotReader openAt(int depot, int partition, long fromTimeMs) {
    return segments.readAt(depot, partition, fromTimeMs);
  }

  @Override
  public long endOffset(int depot, int partition) {
    return appender.endOffset(depot, partition);
  }

  @Override
  public void truncatePrefix(int depot, int partition, long before) throws IOException {
    segments.truncatePrefix(depot, partition, before);
  }

  @Override
  public void close() throws IOException {
    segments.close();
  }
}
