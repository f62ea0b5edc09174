package io.millrace.engine.depot;

import java.util.List;
import java.util.Map;

/**
 * What became of an append.
 *
 * @param token names the event; every door takes it
 * @param partition partition of the event
 * @param offset its offset there
 * @param duplicate true when its idempotency key was known: nothing was appended, the place is that
 *     of the first append
 * @param status how far it has come
 * @param stopped topologies that have stopped and did not fold it, or not all of it
 * @param returns what topologies answered, by topology; complete when {@code FOLDED}
 */
public record AppendResult(
    Token token,
    int partition,
    long offset,
    boolean duplicate,
    Status status,
    List<String> stopped,
    Map<String, Object> returns) {

  /** How far an event has come. */
  public enum Status {
    /** In the journal. */
    APPENDED,
    /** And folded by every topology that reads the depot. */
    FOLDED,
    /** In the journal, but a topology has stopped and will fold it only once it is resumed. */
    STOPPED
  }

  /** What a topology answered, or null. */
  public @org.jspecify.annotations.Nullable Object returned(String topology) {
    return returns.get(topology);
  }
}
