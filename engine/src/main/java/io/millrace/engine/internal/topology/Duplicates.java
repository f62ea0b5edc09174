package io.millrace.engine.internal.topology;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.stage.Aliases;
import io.millrace.engine.internal.stage.AppendOutcome;
import io.millrace.engine.internal.stage.HopValueCodec;
import io.millrace.engine.internal.stage.Meta;
import io.millrace.engine.internal.stage.Origin;
import io.millrace.engine.internal.stage.StageCodec;
import io.millrace.engine.internal.stage.StreamPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Appends whose idempotency key was known: each is answered what its first was answered, as soon as
 * that is known. Used with the lock held.
 */
public final class Duplicates {
  private final HopValueCodec forms;
  private final Aliases aliases;
  private final FoldRuntime runtime;
  private final List<StreamPlan> streams;

  private final List<Duplicate> waiting = new ArrayList<>();

  Duplicates(StageCodec forms, FoldRuntime runtime, List<StreamPlan> streams) {
    this.forms = forms.values();
    this.aliases = forms.aliases();
    this.runtime = runtime;
    this.streams = streams;
  }

  /** An append that waits for what its first became. */
  private record Duplicate(Origin first, byte[] key, AppendOutcome outcome) {}

  /** What becomes of a duplicate: what became of its first, once that is known. */
  public AppendOutcome of(
      Origin first, byte[] key, IdempotencyKeys.Known known, FoldExecution execution, int depotId) {
    var outcome = new AppendOutcome();
    if (isSettled(first, outcome, execution.nextOffset(depotId, first.partition()))) {
      fill(outcome, known);
    } else {
      outcome.planned();
      waiting.add(new Duplicate(first, key, outcome));
    }
    return outcome;
  }

  /** Looks again at the duplicates that wait; after each record. */
  void look(FoldExecution execution, Meta meta, Map<String, Integer> depotIds) {
    if (waiting.isEmpty() || execution.replaying()) {
      return;
    }
    var settled = new ArrayList<Duplicate>();
    for (var one : waiting) {
      var depotId = depotIds.get(one.first.depot());
      if (depotId == null
          || isSettled(
              one.first, one.outcome, execution.nextOffset(depotId, one.first.partition()))) {
        settled.add(one);
      }
    }
    waiting.removeAll(settled);
    for (var one : settled) {
      execution.readThrough(() -> {
        var first = one.first;
        var depot = aliases.firstDepot(first.depot());
        var known =
            IdempotencyKeys.find(
                execution, meta, depot, first.partition(), one.key, Long.MIN_VALUE);
        if (known != null) {
          fill(one.outcome, known);
        }
      });
      one.outcome.finished();
    }
  }

  private void fill(AppendOutcome outcome, IdempotencyKeys.Known known) {
    known
        .acks()
        .forEach((topology, answer) -> {
          var value = read(answer);
          if (value != null) {
            outcome.returned(aliases.streamOf(topology), value);
          }
        });
  }

  /** An answer, or null when it is made of a record this version of the module does not have. */
  private @Nullable Object read(byte[] answer) {
    try {
      return forms.read(new ByteReader(answer, 0, answer.length));
    } catch (IllegalStateException | InvalidEventException e) {
      return null;
    }
  }

  /** True when nothing of an event waits any more: it is folded, or its topology has stopped. */
  private boolean isSettled(Origin first, AppendOutcome outcome, long end) {
    var stopped = new ArrayList<FoldStop>();
    for (var stream : streams) {
      var depot = first.depot();
      if (stream.root(depot) == null
          || runtime.foldedBelow(stream.name, depot, first.partition(), end) > first.offset()) {
        continue;
      }
      var stop = runtime.stops().find(stream.name, depot, first.partition());
      if (stop == null || stop.state.catchingUp()) {
        return false;
      }
      stopped.add(stop.shown(stream.module));
    }
    stopped.forEach(stop -> outcome.stopped(stop, null));
    return true;
  }
}
