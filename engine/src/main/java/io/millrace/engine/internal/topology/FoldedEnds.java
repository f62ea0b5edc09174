package io.millrace.engine.internal.topology;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.stage.Stage;
import io.millrace.engine.internal.stage.StreamPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For every topology and depot it reads, the offsets below which every event tree is done. Found in
 * one pass over what waits; used with the lock held.
 */
final class FoldedEnds {
  private final List<Source> sources = new ArrayList<>();
  private final Map<String, Map<String, Source>> byStream = new HashMap<>();

  /**
   * One topology and one depot.
   *
   * @param ends next offset of each partition
   * @param folded offset of each partition below which all is done
   */
  record Source(StreamPlan stream, String depot, long[] ends, long[] folded) {
    /** Offset from which the topology folds. */
    long began(int partition) {
      return Math.min(ends[partition], stream.began(depot, partition));
    }

    long lag(int partition) {
      return ends[partition] - folded[partition];
    }
  }

  private FoldedEnds() {}

  /**
   * Finds them.
   *
   * @param depots depots of the module
   * @param depotIds their journal ids
   * @param most waiting stages looked at
   */
  static FoldedEnds of(
      List<StreamPlan> streams,
      Collection<Depot<?>> depots,
      Map<String, Integer> depotIds,
      FoldRuntime runtime,
      FoldExecution execution,
      int most) {
    var all = new FoldedEnds();
    for (var stream : streams) {
      for (var depot : depots) {
        var id = depotIds.get(depot.name());
        if (id != null && stream.root(depot.name()) != null) {
          all.add(stream, depot.name(), id, execution);
        }
      }
    }
    runtime.lower(all, most);
    return all;
  }

  private void add(StreamPlan stream, String depot, int id, FoldExecution execution) {
    var ends = new long[execution.tasks()];
    for (var partition = 0; partition < ends.length; partition++) {
      ends[partition] = execution.nextOffset(id, partition);
    }
    var source = new Source(stream, depot, ends, ends.clone());
    sources.add(source);
    byStream.computeIfAbsent(stream.name, name -> new HashMap<>()).put(depot, source);
  }

  /** All of them: in the order of the module. */
  List<Source> all() {
    return sources;
  }

  /** Says that a stage is not done. */
  void lower(Stage stage) {
    var origin = stage.origin;
    lower(stage.stream.name, origin.depot(), origin.partition(), origin.offset());
  }

  /** Says that an event is not done. */
  void lower(String stream, String depot, int partition, long offset) {
    var source = source(stream, depot);
    if (source != null && offset < source.folded[partition]) {
      source.folded[partition] = offset;
    }
  }

  private @Nullable Source source(String stream, String depot) {
    var depots = byStream.get(stream);
    return depots == null ? null : depots.get(depot);
  }
}
