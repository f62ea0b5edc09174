package io.millrace.engine.internal.topology;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.internal.runtime.TopologyStatus;
import io.millrace.engine.topology.TopologyStanding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Where each topology of a module stands; made with the lock held. */
final class TopologyReport {
  private TopologyReport() {}

  /** One row for each partition of each depot a topology reads. */
  static List<TopologyStatus> rows(String module, FoldedEnds ends, FailedTopologies stops) {
    var rows = new ArrayList<TopologyStatus>();
    for (var source : ends.all()) {
      for (var partition = 0; partition < source.ends().length; partition++) {
        rows.add(row(module, source, partition, stops));
      }
    }
    return rows;
  }

  private static TopologyStatus row(
      String module, FoldedEnds.Source source, int partition, FailedTopologies stops) {
    var stop = stops.find(source.stream().name, source.depot(), partition);
    var status = stop == null ? "RUNNING" : stop.state.catchingUp() ? "CATCHING_UP" : "STOPPED";
    return new TopologyStatus(
        source.stream().name,
        source.depot(),
        partition,
        source.began(partition),
        source.folded()[partition],
        source.ends()[partition],
        status,
        stop == null ? null : stop.shown(module));
  }

  /** One entry for each topology. */
  static List<TopologyStanding> standings(String module, FoldedEnds ends, FailedTopologies stops) {
    var all = new LinkedHashMap<String, List<FoldedEnds.Source>>();
    for (var source : ends.all()) {
      all.computeIfAbsent(source.stream().name, name -> new ArrayList<>()).add(source);
    }
    var standings = new ArrayList<TopologyStanding>();
    all.forEach((name, sources) -> standings.add(standing(module, name, sources, stops)));
    return standings;
  }

  private static TopologyStanding standing(
      String module, String name, List<FoldedEnds.Source> sources, FailedTopologies stops) {
    var depots = new ArrayList<String>();
    var lag = 0L;
    var most = 0L;
    for (var source : sources) {
      depots.add(source.depot());
      for (var partition = 0; partition < source.ends().length; partition++) {
        lag += source.lag(partition);
        most = Math.max(most, source.lag(partition));
      }
    }
    return new TopologyStanding(module + "/" + name, depots, lag, most, shown(module, name, stops));
  }

  private static List<FoldStop> shown(String module, String name, FailedTopologies stops) {
    var shown = new ArrayList<FoldStop>();
    for (var stop : stops.all()) {
      if (stop.key.stream().equals(name)) {
        shown.add(stop.shown(module));
      }
    }
    return shown;
  }
}
