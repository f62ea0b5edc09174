package io.millrace.http.backend;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.depot.PreparedEvent;
import io.millrace.engine.depot.Token;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.http.ingest.IngestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way into a depot. A turn appends as many events as the journal has room for and
 * lets go every {@value #EVENTS_PER_TURN} events, so that other lanes are served in between.
 */
final class BatchAppend {
  private static final int EVENTS_PER_TURN = 128;

  private final DepotClient<Object> depot;
  private final Turns turns;
  private final List<PreparedEvent> events;
  private final AppendAck ack;
  private final CompletableFuture<IngestResult> result = new CompletableFuture<>();
  private final Map<Integer, Long> offsets = new TreeMap<>();
  private final Map<String, FoldStop> stops = new TreeMap<>();
  private final List<Unfolded> unfolded = new ArrayList<>();

  /** By event; not asked for unless the folds are waited for. */
  private final List<@Nullable String> acks = new ArrayList<>();

  private IngestResult.@Nullable Rejection rejection;
  private int next;

  /** Events from here on are not appended. */
  private int end;

  /** How often the next event has been begun and met an entry that is not in memory. */
  private int misses;

  private int duplicates;
  private int waiting;
  private long position;
  private long epoch;

  BatchAppend(
      DepotClient<Object> depot,
      Turns turns,
      List<PreparedEvent> events,
      IngestResult.@Nullable Rejection rejection,
      AppendAck ack) {
    this.depot = depot;
    this.turns = turns;
    this.events = events;
    this.rejection = rejection;
    end = events.size();
    this.ack = ack;
  }

  /** An event whose fold is not done, and its place in the batch. */
  private record Unfolded(io.millrace.engine.depot.Appended event, int index) {}

  CompletionStage<IngestResult> start() {
    turns.later(this::turn);
    return result;
  }

  private void turn() {
    try {
      var missing = appendSome();
      turns.lane().write();
      if (missing != null) {
        turns.lane().load(missing, this::turn);
      } else if (next < end) {
        goOn();
      } else {
        turns.release(position, this::released);
      }
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private void goOn() {
    if (turns.lane().hasRoom(events.get(next).room())) {
      turns.later(this::turn);
    } else {
      turns.whenThereMayBeRoom(this::turn);
    }
  }

  private @Nullable NotResidentException appendSome() {
    var lane = turns.lane();
    var last = Math.min(end, next + EVENTS_PER_TURN);
    var execution = lane.hold();
    try {
      while (next < last && lane.hasRoom(events.get(next).room())) {
        lane.next();
        if (misses > Lane.MOST_MISSES) {
          lane.waitForDisk();
        }
        appendOne(execution, events.get(next));
        next++;
        misses = 0;
      }
      return null;
    } catch (NotResidentException e) {
      misses++;
      return e;
    } catch (ReadTooLargeException e) {
      refuse(503, "BUSY", e);
      return null;
    } catch (NoSpaceException e) {
      refuse(507, "NOSPACE", e);
      return null;
    } finally {
      lane.release();
    }
  }

  /** Ends the batch in front of the next event; what stands before it is taken, and said. */
  private void refuse(int status, String code, RuntimeException why) {
    end = next;
    rejection = new IngestResult.Rejection(status, code, DepotTarget.text(why), null);
  }

  private void appendOne(Execution execution, PreparedEvent event) {
    var appended = depot.append(execution, event);
    position = Math.max(position, appended.position());
    epoch = appended.token().epoch();
    offsets.merge(appended.partition(), appended.offset(), Math::max);
    if (appended.isDuplicate()) {
      duplicates++;
    }
    note(appended.stops());
    if (ack != AppendAck.FOLDED) {
      return;
    }
    if (appended.isDone()) {
      acks.add(acks(appended));
    } else {
      unfolded.add(new Unfolded(appended, acks.size()));
      acks.add(null);
    }
  }

  private static @Nullable String acks(io.millrace.engine.depot.Appended appended) {
    var returns = appended.returns();
    return returns.isEmpty() ? null : PStateJson.object(returns);
  }

  /** The first stop of each topology says enough. */
  private void note(List<FoldStop> more) {
    more.forEach(stop -> stops.putIfAbsent(stop.topology(), stop));
  }

  /** What was appended is in the journal; with {@code folded}, waits for the folds as well. */
  private void released() {
    if (unfolded.isEmpty()) {
      finish();
      return;
    }
    var lane = turns.lane();
    lane.hold();
    try {
      waiting = unfolded.size();
      unfolded.forEach(one -> one.event.whenDone(() -> folded(one)));
    } finally {
      lane.release();
    }
  }

  /** Called with the lock held, by whichever thread ran the last piece. */
  private void folded(Unfolded one) {
    note(one.event.stops());
    acks.set(one.index, acks(one.event));
    if (--waiting == 0) {
      turns.later(this::afterFolds);
    }
  }

  private void afterFolds() {
    var lane = turns.lane();
    var execution = lane.hold();
    long newest = 0;
    try {
      for (var task = 0; task < execution.tasks(); task++) {
        newest = Math.max(newest, execution.task(task).lastPosition());
      }
    } finally {
      lane.release();
    }
    turns.release(newest, this::finish);
  }

  private void finish() {
    var token =
        offsets.isEmpty()
            ? null
            : new Token(depot.depot().qualifiedName(), epoch, offsets).toString();
    result.complete(
        new IngestResult(next, duplicates, token, List.copyOf(stops.values()), acks, rejection));
  }
}
