package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.runtime.TopologyStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where each topology of a module stands on each partition of its depots. */
final class TopologyReport {
  private TopologyReport() {}

  static List<TopologyStatus> of(
      ModuleHost host,
      List<StreamPlan> streams,
      Map<String, Integer> depotIds,
      FoldRuntime runtime,
      FoldExecution execution) {
    var rows = new ArrayList<TopologyStatus>();
    for (var stream : streams) {
      for (var depot : host.definition().depots()) {
        var id = depotIds.get(depot.name());
        if (id == null || stream.root(depot.name()) == null) {
          continue;
        }
        for (var partition = 0; partition < execution.tasks(); partition++) {
          var end = execution.nextOffset(id, partition);
          var began = Math.min(end, stream.began(depot.name(), partition));
          rows.add(row(stream.name, depot.name(), partition, began, end, runtime));
        }
      }
    }
    return rows;
  }

  private static TopologyStatus row(
      String stream, String depot, int partition, long began, long end, FoldRuntime runtime) {
    var stop = runtime.stops().find(stream, depot, partition);
    var folded = runtime.foldedBelow(stream, depot, partition, end);
    if (stop == null) {
      return new TopologyStatus(stream, depot, partition, began, folded, end, "RUNNING", null);
    }
    var state = stop.state;
    var status = state.catchingUp() ? "CATCHING_UP" : "STOPPED";
    var error =
        state.error()
            + " at "
            + state.place()
            + " task="
            + state.task()
            + " offset="
            + state.offset()
            + " attempts="
            + state.attempts();
    return new TopologyStatus(stream, depot, partition, began, folded, end, status, error);
  }
}
