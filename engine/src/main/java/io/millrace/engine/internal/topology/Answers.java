package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.stage.Aliases;
import io.millrace.engine.internal.stage.Meta;
import io.millrace.engine.internal.stage.Origin;
import io.millrace.engine.internal.stage.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What topologies answer to events with an idempotency key ({@code at.ack}): state kept beside the
 * key, so that a duplicate is answered like the first, after a restart as well.
 */
final class Answers {
  /** Answers given during the fold of the event itself, whose entry is written last. */
  private final Map<String, byte[]> given = new LinkedHashMap<>();

  private final Aliases aliases;
  private @Nullable Origin folding;

  Answers(Aliases aliases) {
    this.aliases = aliases;
  }

  /** Begins the fold of a record: of the event with this origin when it has a key. */
  void begin(@Nullable Origin keyed) {
    folding = keyed;
    given.clear();
  }

  /** Keeps an answer of a stage, when its event has a key. */
  void keep(Stage stage, byte[] answer, FoldExecution execution, Meta meta) {
    var origin = stage.origin;
    var key = origin.key();
    if (key == null) {
      return;
    }
    var topology = aliases.firstStream(stage.stream.name);
    if (folding != null && folding.isSame(origin)) {
      given.put(topology, answer);
    } else {
      var depot = aliases.firstDepot(origin.depot());
      IdempotencyKeys.add(execution, meta, depot, origin, key, topology, answer);
    }
  }

  /**
   * Ends the fold of an event: its key is written behind its stages, so that they can still be
   * refused or begun again while nothing has been changed.
   */
  void remember(FoldExecution execution, Meta meta) {
    var origin = folding;
    folding = null;
    var key = origin == null ? null : origin.key();
    if (origin != null && key != null) {
      var depot = aliases.firstDepot(origin.depot());
      IdempotencyKeys.remember(execution, meta, depot, origin, key, given);
    }
  }
}
