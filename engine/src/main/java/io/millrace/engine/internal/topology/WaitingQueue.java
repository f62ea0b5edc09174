package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.guard.EventTree;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.stage.FoldCounters;
import io.millrace.engine.internal.stage.Meta;
import io.millrace.engine.internal.stage.Origin;
import io.millrace.engine.internal.stage.Stage;
import io.millrace.engine.internal.stage.StageCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a module that are about to run, first in first out. Those that are still here when
 * a record is done are state: each has an entry until a later record runs it.
 */
final class WaitingQueue {
  private final StageCodec forms;
  private final FoldCounters counters;
  private final ArrayDeque<Stage> queue = new ArrayDeque<>();
  private final ArrayList<Stage> fresh = new ArrayList<>();
  private long nextSequence;

  WaitingQueue(StageCodec forms, FoldCounters counters) {
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
    for (var stage : queue) {
      var origin = stage.origin;
      if (stage.stream.name.equals(stream)
          && origin.partition() == partition
          && origin.depot().equals(depot)) {
        oldest = Math.min(oldest, origin.offset());
      }
    }
    return oldest;
  }

  /**
   * Takes what waits off the ends; returns how many of {@code most} stages may still be looked at.
   */
  int lower(FoldedEnds ends, int most) {
    var left = most;
    for (var stage : queue) {
      if (left-- <= 0) {
        return 0;
      }
      ends.lower(stage);
    }
    return left;
  }

  /** True when a stage of an event below these ends, by depot, is here. */
  boolean waitsBelow(Map<String, long[]> ends) {
    for (var stage : queue) {
      var origin = stage.origin;
      var below = ends.get(origin.depot());
      if (below != null && origin.offset() < below[origin.partition()]) {
        return true;
      }
    }
    return false;
  }

  void add(Stage stage) {
    queue.addLast(stage);
  }

  /** Takes the next stage; its entry, if it had one, is gone. */
  @Nullable Stage poll(FoldExecution execution, Meta meta) {
    var stage = queue.peekFirst();
    if (stage != null && stage.sequence != Stage.NOT_STORED) {
      // First the entry: when it has to be loaded, the record is folded again from the beginning.
      meta.remove(execution.task(stage.task), Meta.key(Meta.WAITING, "", stage.sequence));
      stage.sequence = Stage.NOT_STORED;
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
      var stage = all.next();
      if (stage.sequence != Stage.NOT_STORED) {
        break;
      }
      fresh.add(stage);
    }
    for (var i = 0; i < fresh.size(); i++) {
      queue.removeLast();
    }
    for (var i = fresh.size() - 1; i >= 0; i--) {
      queue.addLast(stored(fresh.get(i), execution, meta));
    }
    fresh.clear();
  }

  /** The stage as it will be read back after a restart, so that both behave the same. */
  private Stage stored(Stage stage, FoldExecution execution, Meta meta) {
    counters.waited++;
    var bytes = forms.encode(stage);
    var copy = forms.decode(bytes, stage.outcome);
    copy.in(stage.tree()).sequence = nextSequence;
    meta.put(execution.task(copy.task), Meta.key(Meta.WAITING, "", copy.sequence), bytes, 0);
    nextSequence++;
    return copy;
  }

  /** Forgets what an unfinished fold of a record added, because it is being executed again. */
  void forgetFresh() {
    for (var last = queue.peekLast();
        last != null && last.sequence == Stage.NOT_STORED;
        last = queue.peekLast()) {
      queue.removeLast();
    }
  }

  /** Forgets the stages of a topology that is given up, or of one depot it read. */
  void retire(String stream, @Nullable String depot, FoldExecution execution, Meta meta) {
    queue.removeIf(stage -> concerns(stage.stream.name, stage.origin.depot(), stream, depot));
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
      String stageStream, String stageDepot, String stream, @Nullable String depot) {
    return stageStream.equals(stream) && (depot == null || stageDepot.equals(depot));
  }

  /**
   * Reads the entries of the last cut; those of what was given up in the module's absence go.
   *
   * @param placeless takes what waits and finds no place in this version
   */
  void load(FoldExecution execution, Meta meta, Consumer<StageCodec.PlacelessException> placeless) {
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
        var stage = forms.decode(one.bytes, null);
        stage.sequence = one.sequence;
        queue.addLast(stage.in(trees.computeIfAbsent(stage.origin, _ -> new EventTree())));
      } catch (StageCodec.PlacelessException e) {
        placeless.accept(e);
      }
    }
  }
}
