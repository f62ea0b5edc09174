package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.runtime.FoldExecution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pieces of a module that are about to run, first in first out. Those that are still here when
 * a record is done are state: each has an entry until a later record runs it.
 */
final class WaitingQueue {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingQueue.class);

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
    if (copy == null) {
      throw new IllegalStateException("a hop of a known topology cannot be read back");
    }
    copy.sequence = nextSequence;
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

  /** Reads the entries of the last cut. */
  void load(FoldExecution execution, Meta meta) {
    record Stored(long sequence, byte[] bytes) {}
    var stored = new ArrayList<Stored>();
    for (var task = 0; task < execution.tasks(); task++) {
      for (var found : meta.scan(execution.task(task), Meta.WAITING)) {
        stored.add(new Stored(Meta.number(found.key()), found.value()));
      }
    }
    stored.sort((a, b) -> Long.compare(a.sequence, b.sequence));
    for (var one : stored) {
      nextSequence = one.sequence + 1;
      var piece = forms.decode(one.bytes, null);
      if (piece == null) {
        LOG.warn("a waiting hop belongs to a topology that is gone; it stays where it is");
      } else {
        piece.sequence = one.sequence;
        queue.addLast(piece);
      }
    }
  }
}
