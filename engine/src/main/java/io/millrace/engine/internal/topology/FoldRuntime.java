package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.guard.FoldLimitError;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.guard.HeldFold;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pieces of a module's topologies, record by record.
 *
 * <p>Invariant: what happens is a function of the journal. Pieces run in one order, at most {@link
 * #limit} for each record; the rest waits as state. What a record does not decide, that a piece has
 * used its retries up, is a record of its own that stands right before it.
 */
final class FoldRuntime implements FoldWatch.Subject {
  private static final int ERROR_LENGTH = 1000;

  private final String module;
  private final ModuleParts parts;
  private final PieceRun run;
  private final Answers answers;
  private final WaitingQueue queue;
  private final Stops stops;
  private final FoldCounters counters;
  private final PieceAttempt attempts;
  private final int limit;
  private final List<Decisions.Stop> decided = new ArrayList<>();
  private @Nullable Meta meta;
  private @Nullable Piece current;

  /** The event being folded, if it is in no journal yet and nobody but its sender has it. */
  private @Nullable Origin fromDoor;

  private int item;
  private long recordTimeMs;
  private long lastDeadLetter;

  /** After how many pieces the next record paused when it was live, or -1; replay only. */
  private int pauseAt = -1;

  private long pauseTimeMs;

  FoldRuntime(
      String module, ModuleParts parts, FoldCounters counters, PieceFaults faults, int limit) {
    this.module = module;
    this.parts = parts;
    this.counters = counters;
    this.limit = limit;
    run = new PieceRun(parts, counters);
    answers = new Answers(parts.forms().aliases());
    attempts = new PieceAttempt(parts, run, faults);
    queue = new WaitingQueue(parts.forms(), counters);
    stops = new Stops(parts.forms());
  }

  /** Begins with what the last cut held. */
  void load(
      FoldExecution execution, Meta space, Consumer<PieceForms.PlacelessException> placeless) {
    meta = space;
    run.meta(space);
    queue.load(execution, space, placeless);
    stops.load(execution, space, placeless);
  }

  /** Forgets what has stopped and what waits in a topology that is given up. */
  void retire(String stream, @Nullable String depot, FoldExecution execution) {
    queue.retire(stream, depot, execution, meta());
    stops.retire(stream, depot, execution, meta());
  }

  private Meta meta() {
    return Objects.requireNonNull(meta, "the module is not attached");
  }

  Stops stops() {
    return stops;
  }

  boolean isWaiting() {
    return !queue.isEmpty();
  }

  int waiting() {
    return queue.size();
  }

  /** Offset below which every event tree of a topology and partition is done. */
  long foldedBelow(String stream, String depot, int partition, long end) {
    var folded = queue.oldest(stream, depot, partition, end);
    var stop = stops.find(stream, depot, partition);
    if (stop == null) {
      return folded;
    }
    var state = stop.state;
    var stoppedAt = state.catchingUp() ? state.nextOffset() : state.offset();
    for (var piece : stop.parked) {
      folded = Math.min(folded, piece.origin.offset());
    }
    return Math.min(folded, stoppedAt);
  }

  /** Number of the dead letter that the last skip made; read under the hold of that skip. */
  long lastDeadLetter() {
    return lastDeadLetter;
  }

  /**
   * Takes what is not folded off ends that were assumed to be.
   *
   * @param most pieces looked at; beyond, the oldest are known already in most cases
   */
  void lower(FoldedEnds ends, int most) {
    var left = queue.lower(ends, most);
    for (var stop : stops.all()) {
      var state = stop.state;
      ends.lower(
          stop.key.stream(),
          stop.key.depot(),
          stop.key.partition(),
          state.catchingUp() ? state.nextOffset() : state.offset());
      for (var piece : stop.parked) {
        if (left-- <= 0) {
          break;
        }
        ends.lower(piece);
      }
    }
  }

  /** True when a piece of an event below these ends, by depot, waits to be run. */
  boolean waitsBelow(Map<String, long[]> ends) {
    return queue.waitsBelow(ends);
  }

  /** Remembers a stop that stands before the record it belongs to; replay only. */
  void decided(Decisions.Stop stop) {
    decided.add(stop);
  }

  /** Remembers a pause that stands before the record it belongs to; replay only. */
  void decided(Decisions.Pause pause) {
    pauseAt = pause.items();
    pauseTimeMs = pause.recordTimeMs();
  }

  /** Everything the journal held has been folded. */
  void recovered() {
    decided.clear();
    pauseAt = -1;
  }

  /**
   * Begins the fold of a record. It may be the second try at it: the first may have met an entry
   * that is not in memory after it planned pieces.
   */
  void begin(long timeMs) {
    begin(timeMs, null, false);
  }

  /**
   * Begins the fold of an event.
   *
   * @param emitted whether a fold appended it
   */
  void begin(long timeMs, @Nullable Origin event, boolean emitted) {
    answers.begin(event);
    fromDoor = emitted ? null : event;
    queue.forgetFresh();
    item = 0;
    recordTimeMs = timeMs;
    if (!decided.isEmpty()) {
      // One whose record was never written may stand in front of those of this record.
      decided.removeIf(stop -> stop.recordTimeMs() != timeMs);
    }
    if (pauseTimeMs != timeMs) {
      pauseAt = -1;
    }
  }

  /** Plans the root piece of an event, unless its topology has stopped. */
  void root(Piece root, FoldExecution execution) {
    var stop = stops.find(root);
    if (stop == null) {
      plan(root);
    } else if (stop.state.catchingUp()) {
      stops.park(stop, root, execution, meta());
      noteStopped(root, stop, null);
    } else {
      if (stop.state.nextOffset() < 0) {
        stops.change(stop, stop.state.missed(root.origin.offset()), execution, meta());
      }
      noteStopped(root, stop, null);
    }
  }

  private void noteStopped(Piece piece, Stops.Stop stop, @Nullable Throwable cause) {
    if (piece.outcome != null) {
      piece.outcome.stopped(stop.shown(module), cause);
    }
  }

  private void plan(Piece piece) {
    if (piece.outcome != null) {
      piece.outcome.planned();
    }
    queue.add(piece);
  }

  /** Runs what there is to run, up to the limit, and stores the rest. */
  void finish(FoldExecution execution) {
    if (queue.isEmpty()) {
      endRecord(execution);
      return;
    }
    var watch = execution.watch();
    watch.begin(this, execution.replaying());
    try {
      runPieces(execution, watch);
    } catch (NotResidentException | ReadTooLargeException e) {
      // The record is not folded: it comes again, or nobody will ever see it.
      queue.forgetFresh();
      throw e;
    } finally {
      current = null;
      watch.end();
    }
  }

  private void runPieces(FoldExecution execution, FoldWatch watch) {
    for (var left = limit; left > 0; left--) {
      var piece = queue.poll(execution, meta());
      if (piece == null) {
        break;
      }
      current = piece;
      one(piece, execution);
      item++;
      if (execution.replaying() ? item == pauseAt : watch.slow() && pause(piece, execution)) {
        break;
      }
    }
    endRecord(execution);
  }

  private void endRecord(FoldExecution execution) {
    queue.store(execution, meta());
    answers.remember(execution, meta());
    decided.clear();
    pauseAt = -1;
  }

  /** Leaves the rest to later records, so that the lock is let go in between: a decision. */
  private boolean pause(Piece last, FoldExecution execution) {
    if (queue.isEmpty()) {
      return false;
    }
    var body = Decisions.encode(new Decisions.Pause(module, recordTimeMs, item));
    execution.decideFirst(last.origin.partition(), Decisions.PAUSE, body, 0, body.length);
    return true;
  }

  @Override
  public @Nullable HeldFold running() {
    var piece = current;
    if (piece == null) {
      return null;
    }
    var origin = piece.origin;
    var unknown = fromDoor;
    return new HeldFold(
        module,
        piece.stream.name,
        origin.depot(),
        origin.partition(),
        origin.offset(),
        parts.place(),
        piece.task,
        unknown == null || !unknown.isSame(origin));
  }

  private void one(Piece piece, FoldExecution execution) {
    var stop = stops.find(piece);
    if (stop != null && !stop.state.catchingUp()) {
      execution.touched(piece.origin.partition());
      stops.park(stop, piece, execution, meta());
      noteStopped(piece, stop, null);
      settle(piece);
      return;
    }
    var told = execution.replaying() ? told(piece) : null;
    if (told != null) {
      stop(piece, told.place(), told.attempts(), told.error(), null, execution);
      return;
    }
    if (execution.marks().any() && !execution.replaying() && marked(piece, execution)) {
      return;
    }
    for (var attempt = 1; ; attempt++) {
      var error = attempts.once(piece, execution);
      if (error == null) {
        succeeded(piece, execution);
        return;
      }
      counters.failures++;
      if (attempt > piece.stream.retries || PieceAttempt.isFinal(error)) {
        exhausted(piece, attempt, error, execution);
        return;
      }
    }
  }

  /** Stops instead of running a piece that held the last process until that was ended. */
  private boolean marked(Piece piece, FoldExecution execution) {
    var origin = piece.origin;
    var place =
        execution
            .marks()
            .take(module, piece.stream.name, origin.depot(), origin.partition(), origin.offset());
    if (place == null) {
      return false;
    }
    var text = "the piece did not end at " + place + " and held the node until that was ended";
    exhausted(piece, 1, new FoldLimitError(text), execution);
    return true;
  }

  private void succeeded(Piece piece, FoldExecution execution) {
    counters.pieces++;
    execution.touched(piece.task);
    run.grow(piece.tree());
    for (var hop : run.hops()) {
      counters.hops++;
      plan(hop);
    }
    run.send(piece, execution);
    var answer = run.answer();
    if (answer != null) {
      answers.keep(piece, answer, execution, meta());
    }
    settle(piece);
  }

  private static void settle(Piece piece) {
    if (piece.outcome != null) {
      piece.outcome.finished();
    }
  }

  private Decisions.@Nullable Stop told(Piece piece) {
    for (var stop : decided) {
      if (stop.item() == item
          && stop.isOf(piece.stream.name, piece.node.place, parts.forms().aliases())
          && stop.offset() == piece.origin.offset()) {
        return stop;
      }
    }
    return null;
  }

  private void exhausted(Piece piece, int attempts, Throwable error, FoldExecution execution) {
    var text = Texts.whole(PieceAttempt.text(error), ERROR_LENGTH);
    var origin = piece.origin;
    var aliases = parts.forms().aliases();
    StopLog.stopped(piece, parts.place(), attempts, error);
    var body =
        Decisions.encode(
            new Decisions.Stop(
                module,
                aliases.firstStream(piece.stream.name),
                aliases.firstDepot(origin.depot()),
                origin.partition(),
                origin.offset(),
                recordTimeMs,
                item,
                parts.place(),
                piece.node.place,
                attempts,
                text));
    execution.decideFirst(origin.partition(), Decisions.STOP, body, 0, body.length);
    stop(piece, parts.place(), attempts, text, error, execution);
  }

  private void stop(
      Piece piece,
      String place,
      int attempts,
      String error,
      @Nullable Throwable cause,
      FoldExecution execution) {
    var origin = piece.origin;
    execution.touched(origin.partition());
    var present = stops.find(piece);
    var missed = present == null ? -1 : present.state.nextOffset();
    if (present != null) {
      stops.dropParked(present, execution, meta());
    }
    var state =
        new StopState(
            false,
            origin.offset(),
            missed,
            -1,
            place,
            piece.task,
            attempts,
            error,
            recordTimeMs,
            0);
    var key = new Stops.Key(piece.stream.name, origin.depot(), origin.partition());
    var stop = stops.put(key, state, execution, meta());
    stops.park(stop, piece, execution, meta());
    noteStopped(piece, stop, cause);
    settle(piece);
  }

  /** Lets a stopped topology go on, with or without the piece that failed. */
  void resume(Decisions.Resume resume, long endOffset, FoldExecution execution) {
    var stop = stops.find(resume.topology(), resume.depot(), resume.partition());
    if (stop == null || stop.state.catchingUp()) {
      return;
    }
    if (resume.skip()) {
      bury(stop, execution);
    }
    requeue(stop, execution);
    var missed = stop.state.nextOffset();
    if (missed < 0 || missed >= endOffset) {
      stops.remove(stop, execution, meta());
    } else {
      stops.change(stop, stop.state.catchingUp(missed, endOffset), execution, meta());
    }
  }

  private void bury(Stops.Stop stop, FoldExecution execution) {
    var piece = stops.unpark(stop, execution, meta());
    if (piece == null) {
      return;
    }
    var state = stop.state;
    var origin = piece.origin;
    var aliases = parts.forms().aliases();
    var letter =
        new DeadLetter(
            aliases.firstStream(stop.key.stream()),
            aliases.firstDepot(origin.depot()),
            origin.partition(),
            origin.offset(),
            origin.timeMs(),
            state.place(),
            state.task(),
            state.attempts(),
            state.error(),
            state.atMs(),
            recordTimeMs,
            "skip",
            parts.forms().value(piece.value));
    var task = execution.task(origin.partition());
    lastDeadLetter = meta().newId(task, execution.firstModuleId(origin.partition()));
    var key = Meta.key(Meta.DEAD, stops.name(stop.key), lastDeadLetter);
    meta().put(task, key, letter.encode(), 0);
  }

  private void requeue(Stops.Stop stop, FoldExecution execution) {
    for (var piece = stops.unpark(stop, execution, meta());
        piece != null;
        piece = stops.unpark(stop, execution, meta())) {
      plan(piece);
    }
  }

  /** Moves a topology on that catches up; its missed events have been planned. */
  void caughtUp(Stops.Stop stop, long next, FoldExecution execution) {
    if (next < stop.state.target()) {
      var state = stop.state;
      stops.change(stop, state.catchingUp(next, state.target()), execution, meta());
    } else {
      requeue(stop, execution);
      stops.remove(stop, execution, meta());
    }
  }

  /** Plans a missed event's root piece. */
  void replan(Piece root) {
    plan(root);
  }
}
