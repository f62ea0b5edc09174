package io.millrace.http.ingest;

import io.millrace.engine.depot.AppendAck;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A depot that takes events. */
public interface EventTarget {
  /**
   * Appends a batch in order, up to the first event that is refused.
   *
   * @return completes when the level asked for is reached for what was taken
   */
  CompletionStage<IngestResult> append(List<IncomingEvent> batch, AppendAck ack);

  /** Joins two tokens of this depot: the later position of each partition. */
  String join(String first, String second);
}
