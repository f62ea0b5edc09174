package io.millrace.engine.depot;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of an append.
 *
 * @param token names the event; every door takes it
 * @param partition partition of the event
 * @param offset its offset there
 * @param duplicate true when its idempotency key was known: nothing was appended, the place is that
 *     of the first append
 * @param status how far it has come
 * @param stops topologies that have stopped and did not fold it, or not all of it, and why
 * @param returns what topologies answered, by topology; complete when {@code FOLDED}
 * @param failure what the code of a topology threw for this very event, with its stack, or null
 */
public record AppendResult(
    Token token,
    int partition,
    long offset,
    boolean duplicate,
    Status status,
    List<FoldStop> stops,
    Map<String, Object> returns,
    @Nullable Throwable failure) {

  /** How far an event has come. */
  public enum Status {
    /** In the journal. */
    APPENDED,
    /** And folded by every topology that reads the depot. */
    FOLDED,
    /** In the journal, but a topology has stopped and will fold it only once it is resumed. */
    STOPPED
  }

  /** Names of the topologies that have stopped, inside the module. */
  public List<String> stopped() {
    return FoldStop.names(stops);
  }

  /**
   * This, when nothing has stopped.
   *
   * @throws FoldStoppedException saying which topology has stopped, where and why; what the fold
   *     threw is its cause when it was thrown for this event
   */
  public AppendResult orThrow() {
    if (stops.isEmpty()) {
      return this;
    }
    var text = String.join("; ", stops.stream().map(FoldStop::text).toList());
    throw new FoldStoppedException("not folded, token=" + token + ": " + text, this, failure);
  }

  /** What a topology answered, or null. */
  public @Nullable Object returned(String topology) {
    return returns.get(topology);
  }
}
