package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.guard.EventTree;
import io.millrace.engine.internal.runtime.FoldExecution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a module that are about to run, first in first out. Those that are still here when
 * a record is done are state: each has an entry until a later record runs it.
 */
final class WaitingQueue {
  private final PieceForms forms;
  private final FoldCounters counters;
  private final ArrayDeque<Piece> queue = new ArrayDeque<>();
  private final ArrayList<Piece> fresh = new ArrayList<>();
  private long nextSequence;

  WaitingQueue(PieceForms forms, FoldCounters counters) {
    this.forms = forms;
    this.counters = counters;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  int size() {
    return queue.size();
  }

  /** Smallest offset of an event of which something still waits. */
  long oldest(String stream, String depot, int partition, long end) {
    var oldest = end;
    for (var piece : queue) {
      var origin = piece.origin;
      if (piece.stream.name.equals(stream)
          && origin.partition() == partition
          && origin.depot().equals(depot)) {
        oldest = Math.min(oldest, origin.offset());
      }
    }
    return oldest;
  }

  /**
   * Takes what waits off the ends; returns how many of {@code most} pieces may still be looked at.
   */
  int lower(FoldedEnds ends, int most) {
    var left = most;
    for (var piece : queue) {
      if (left-- <= 0) {
        return 0;
      }
      ends.lower(piece);
    }
    return left;
  }

  /** True when a piece of an event below these ends, by depot, is here. */
  boolean waitsBelow(Map<String, long[]> ends) {
    for (var piece : queue) {
      var origin = piece.origin;
      var below = ends.get(origin.depot());
      if (below != null && origin.offset() < below[origin.partition()]) {
        return true;
      }
    }
    return false;
  }

  void add(Piece piece) {
    queue.addLast(piece);
  }

  /** Takes the next piece; its entry, if it had one, is gone. */
  @Nullable Piece poll(FoldExecution execution, Meta meta) {
    var piece = queue.peekFirst();
    if (piece != null && piece.sequence != Piece.NOT_STORED) {
      // First the entry: when it has to be loaded, the record is folded again from the beginning.
      meta.remove(execution.task(piece.task), Meta.key(Meta.WAITING, "", piece.sequence));
      piece.sequence = Piece.NOT_STORED;
    }
    return queue.pollFirst();
  }

  /** Makes entries of what is left at the end of a record. */
  void store(FoldExecution execution, Meta meta) {
    if (queue.isEmpty()) {
      nextSequence = 0;
      return;
    }
    fresh.clear();
    for (var all = queue.descendingIterator(); all.hasNext(); ) {
      var piece = all.next();
      if (piece.sequence != Piece.NOT_STORED) {
        break;
      }
      fresh.add(piece);
    }
    for (var i = 0; i < fresh.size(); i++) {
      queue.removeLast();
    }
    for (var i = fresh.size() - 1; i >= 0; i--) {
      queue.addLast(stored(fresh.get(i), execution, meta));
    }
    fresh.clear();
  }

  /** The piece as it will be read back after a restart, so that both behave the same. */
  private Piece stored(Piece piece, FoldExecution execution, Meta meta) {
    counters.waited++;
    var bytes = forms.encode(piece);
    var copy = forms.decode(bytes, piece.outcome);
    copy.in(piece.tree()).sequence = nextSequence;
    meta.put(execution.task(copy.task), Meta.key(Meta.WAITING, "", copy.sequence), bytes, 0);
    nextSequence++;
    return copy;
  }

  /** Forgets what an unfinished fold of a record added, because it is being executed again. */
  void forgetFresh() {
    for (var last = queue.peekLast();
        last != null && last.sequence == Piece.NOT_STORED;
        last = queue.peekLast()) {
      queue.removeLast();
    }
  }

  /** Forgets the pieces of a topology that is given up, or of one depot it read. */
  void retire(String stream, @Nullable String depot, FoldExecution execution, Meta meta) {
    queue.removeIf(piece -> concerns(piece.stream.name, piece.origin.depot(), stream, depot));
    for (var task = 0; task < execution.tasks(); task++) {
      var state = execution.task(task);
      for (var found : meta.scan(state, Meta.WAITING)) {
        var head = forms.head(found.value());
        if (concerns(head.stream(), head.origin().depot(), stream, depot)) {
          meta.remove(state, found.key());
        }
      }
    }
  }

  private static boolean concerns(
      String pieceStream, String pieceDepot, String stream, @Nullable String depot) {
    return pieceStream.equals(stream) && (depot == null || pieceDepot.equals(depot));
  }

  /**
   * Reads the entries of the last cut; those of what was given up in the module's absence go.
   *
   * @param placeless takes what waits and finds no place in this version
   */
  void load(FoldExecution execution, Meta meta, Consumer<PieceForms.PlacelessException> placeless) {
    record Stored(long sequence, byte[] bytes) {}
    queue.clear();
    var stored = new ArrayList<Stored>();
    for (var task = 0; task < execution.tasks(); task++) {
      for (var found : meta.scan(execution.task(task), Meta.WAITING)) {
        if (forms.head(found.value()).givenUp()) {
          meta.remove(execution.task(task), found.key());
        } else {
          stored.add(new Stored(Meta.number(found.key()), found.value()));
        }
      }
    }
    stored.sort((a, b) -> Long.compare(a.sequence, b.sequence));
    var trees = new HashMap<Origin, EventTree>();
    for (var one : stored) {
      nextSequence = one.sequence + 1;
      try {
        var piece = forms.decode(one.bytes, null);
        piece.sequence = one.sequence;
        queue.addLast(piece.in(trees.computeIfAbsent(piece.origin, _ -> new EventTree())));
      } catch (PieceForms.PlacelessException e) {
        placeless.accept(e);
      }
    }
  }
}
