package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.guard.FoldLimitError;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.guard.HeldFold;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.stage.ErrorText;
import io.millrace.engine.internal.stage.FoldCounters;
import io.millrace.engine.internal.stage.Meta;
import io.millrace.engine.internal.stage.ModuleParts;
import io.millrace.engine.internal.stage.Origin;
import io.millrace.engine.internal.stage.Stage;
import io.millrace.engine.internal.stage.StageAttempt;
import io.millrace.engine.internal.stage.StageCodec;
import io.millrace.engine.internal.stage.StageFaults;
import io.millrace.engine.internal.stage.StageRun;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the stages of a module's topologies, record by record.
 *
 * <p>Invariant: what happens is a function of the journal. Stages run in one order, at most {@link
 * #limit} for each record; the rest waits as state. What a record does not decide, that a stage has
 * used its retries up, is a record of its own that stands right before it.
 */
final class FoldRuntime implements FoldWatch.Subject {
  private static final int ERROR_LENGTH = 1000;

  private final String module;
  private final ModuleParts parts;
  private final StageRun run;
  private final Answers answers;
  private final WaitingQueue queue;
  private final FailedTopologies stops;
  private final FoldCounters counters;
  private final StageAttempt attempts;
  private final int limit;
  private final List<Decisions.Stop> decided = new ArrayList<>();
  private @Nullable Meta meta;
  private @Nullable Stage current;

  /** The event being folded, if it is in no journal yet and nobody but its sender has it. */
  private @Nullable Origin fromDoor;

  private int item;
  private long recordTimeMs;
  private long lastDeadLetter;

  /** After how many stages the next record paused when it was live, or -1; replay only. */
  private int pauseAt = -1;

  private long pauseTimeMs;

  FoldRuntime(
      String module, ModuleParts parts, FoldCounters counters, StageFaults faults, int limit) {
    this.module = module;
    this.parts = parts;
    this.counters = counters;
    this.limit = limit;
    run = new StageRun(parts, counters);
    answers = new Answers(parts.forms().aliases());
    attempts = new StageAttempt(parts, run, faults);
    queue = new WaitingQueue(parts.forms(), counters);
    stops = new FailedTopologies(parts.forms());
  }

  /** Begins with what the last cut held. */
  void load(
      FoldExecution execution, Meta space, Consumer<StageCodec.PlacelessException> placeless) {
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

  FailedTopologies stops() {
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
    for (var stage : stop.parked) {
      folded = Math.min(folded, stage.origin.offset());
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
   * @param most stages looked at; beyond, the oldest are known already in most cases
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
      for (var stage : stop.parked) {
        if (left-- <= 0) {
          break;
        }
        ends.lower(stage);
      }
    }
  }

  /** True when a stage of an event below these ends, by depot, waits to be run. */
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
   * that is not in memory after it planned stages.
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

  /** Plans the root stage of an event, unless its topology has stopped. */
  void root(Stage root, FoldExecution execution) {
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

  private void noteStopped(Stage stage, FailedTopologies.Stop stop, @Nullable Throwable cause) {
    if (stage.outcome != null) {
      stage.outcome.stopped(stop.shown(module), cause);
    }
  }

  private void plan(Stage stage) {
    if (stage.outcome != null) {
      stage.outcome.planned();
    }
    queue.add(stage);
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
      runStages(execution, watch);
    } catch (NotResidentException | ReadTooLargeException e) {
      // The record is not folded: it comes again, or nobody will ever see it.
      queue.forgetFresh();
      throw e;
    } finally {
      current = null;
      watch.end();
    }
  }

  private void runStages(FoldExecution execution, FoldWatch watch) {
    for (var left = limit; left > 0; left--) {
      var stage = queue.poll(execution, meta());
      if (stage == null) {
        break;
      }
      current = stage;
      one(stage, execution);
      item++;
      if (execution.replaying() ? item == pauseAt : watch.slow() && pause(stage, execution)) {
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
  private boolean pause(Stage last, FoldExecution execution) {
    if (queue.isEmpty()) {
      return false;
    }
    var body = Decisions.encode(new Decisions.Pause(module, recordTimeMs, item));
    execution.decideFirst(last.origin.partition(), Decisions.PAUSE, body, 0, body.length);
    return true;
  }

  @Override
  public @Nullable HeldFold running() {
    var stage = current;
    if (stage == null) {
      return null;
    }
    var origin = stage.origin;
    var unknown = fromDoor;
    return new HeldFold(
        module,
        stage.stream.name,
        origin.depot(),
        origin.partition(),
        origin.offset(),
        parts.place(),
        stage.task,
        unknown == null || !unknown.isSame(origin));
  }

  private void one(Stage stage, FoldExecution execution) {
    var stop = stops.find(stage);
    if (stop != null && !stop.state.catchingUp()) {
      execution.touched(stage.origin.partition());
      stops.park(stop, stage, execution, meta());
      noteStopped(stage, stop, null);
      settle(stage);
      return;
    }
    var told = execution.replaying() ? told(stage) : null;
    if (told != null) {
      stop(stage, told.place(), told.attempts(), told.error(), null, execution);
      return;
    }
    if (execution.marks().any() && !execution.replaying() && marked(stage, execution)) {
      return;
    }
    for (var attempt = 1; ; attempt++) {
      var error = attempts.once(stage, execution);
      if (error == null) {
        succeeded(stage, execution);
        return;
      }
      counters.failures++;
      if (attempt > stage.stream.retries || StageAttempt.isFinal(error)) {
        exhausted(stage, attempt, error, execution);
        return;
      }
    }
  }

  /** Stops instead of running a stage that held the last process until that was ended. */
  private boolean marked(Stage stage, FoldExecution execution) {
    var origin = stage.origin;
    var place =
        execution
            .marks()
            .take(module, stage.stream.name, origin.depot(), origin.partition(), origin.offset());
    if (place == null) {
      return false;
    }
    var text = "the stage did not end at " + place + " and held the node until that was ended";
    exhausted(stage, 1, new FoldLimitError(text), execution);
    return true;
  }

  private void succeeded(Stage stage, FoldExecution execution) {
    counters.stages++;
    execution.touched(stage.task);
    run.grow(stage.tree());
    for (var hop : run.hops()) {
      counters.hops++;
      plan(hop);
    }
    run.send(stage, execution);
    var answer = run.answer();
    if (answer != null) {
      answers.keep(stage, answer, execution, meta());
    }
    settle(stage);
  }

  private static void settle(Stage stage) {
    if (stage.outcome != null) {
      stage.outcome.finished();
    }
  }

  private Decisions.@Nullable Stop told(Stage stage) {
    for (var stop : decided) {
      if (stop.item() == item
          && stop.isOf(stage.stream.name, stage.node.place, parts.forms().aliases())
          && stop.offset() == stage.origin.offset()) {
        return stop;
      }
    }
    return null;
  }

  private void exhausted(Stage stage, int attempts, Throwable error, FoldExecution execution) {
    var text = ErrorText.whole(StageAttempt.text(error), ERROR_LENGTH);
    var origin = stage.origin;
    var aliases = parts.forms().aliases();
    StopLog.stopped(stage, parts.place(), attempts, error);
    var body =
        Decisions.encode(
            new Decisions.Stop(
                module,
                aliases.firstStream(stage.stream.name),
                aliases.firstDepot(origin.depot()),
                origin.partition(),
                origin.offset(),
                recordTimeMs,
                item,
                parts.place(),
                stage.node.place,
                attempts,
                text));
    execution.decideFirst(origin.partition(), Decisions.STOP, body, 0, body.length);
    stop(stage, parts.place(), attempts, text, error, execution);
  }

  private void stop(
      Stage stage,
      String place,
      int attempts,
      String error,
      @Nullable Throwable cause,
      FoldExecution execution) {
    var origin = stage.origin;
    execution.touched(origin.partition());
    var present = stops.find(stage);
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
            stage.task,
            attempts,
            error,
            recordTimeMs,
            0);
    var key = new FailedTopologies.Key(stage.stream.name, origin.depot(), origin.partition());
    var stop = stops.put(key, state, execution, meta());
    stops.park(stop, stage, execution, meta());
    noteStopped(stage, stop, cause);
    settle(stage);
  }

  /** Lets a stopped topology go on, with or without the stage that failed. */
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

  private void bury(FailedTopologies.Stop stop, FoldExecution execution) {
    var stage = stops.unpark(stop, execution, meta());
    if (stage == null) {
      return;
    }
    var state = stop.state;
    var origin = stage.origin;
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
            parts.forms().value(stage.value));
    var task = execution.task(origin.partition());
    lastDeadLetter = meta().newId(task, execution.firstModuleId(origin.partition()));
    var key = Meta.key(Meta.DEAD, stops.name(stop.key), lastDeadLetter);
    meta().put(task, key, letter.encode(), 0);
  }

  private void requeue(FailedTopologies.Stop stop, FoldExecution execution) {
    for (var stage = stops.unpark(stop, execution, meta());
        stage != null;
        stage = stops.unpark(stop, execution, meta())) {
      plan(stage);
    }
  }

  /** Moves a topology on that catches up; its missed events have been planned. */
  void caughtUp(FailedTopologies.Stop stop, long next, FoldExecution execution) {
    if (next < stop.state.target()) {
      var state = stop.state;
      stops.change(stop, state.catchingUp(next, state.target()), execution, meta());
    } else {
      requeue(stop, execution);
      stops.remove(stop, execution, meta());
    }
  }

  /** Plans a missed event's root stage. */
  void replan(Stage root) {
    plan(root);
  }
}
