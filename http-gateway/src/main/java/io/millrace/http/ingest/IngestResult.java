package io.millrace.http.ingest;

import io.millrace.engine.depot.FoldStop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch: a prefix of it was taken.
 *
 * @param accepted events taken, duplicates included
 * @param duplicates events that the depot already had under their key
 * @param token names the newest position of each partition touched, or null when nothing was
 * @param stops topologies that have stopped and did not fold all of it, and why
 * @param acks what topologies answered, for each event taken: a JSON object, or null for nothing
 * @param rejection why the event after the accepted ones was refused, or null
 */
public record IngestResult(
    int accepted,
    int duplicates,
    @Nullable String token,
    List<FoldStop> stops,
    List<@Nullable String> acks,
    @Nullable Rejection rejection) {
  /**
   * Why an event was refused.
   *
   * @param status HTTP status
   * @param code stable upper-case name
   * @param message what is wrong
   * @param field the field that is wrong, or null
   */
  public record Rejection(int status, String code, String message, @Nullable String field) {}
}
