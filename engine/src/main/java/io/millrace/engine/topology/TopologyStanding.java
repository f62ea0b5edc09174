package io.millrace.engine.topology;

import io.millrace.engine.depot.FoldStop;
import java.util.List;

/**
 * Where a topology stands, over all partitions of all depots it reads.
 *
 * @param topology {@code module/topology}
 * @param depots depots it reads, inside the module
 * @param lag events appended and not folded, all partitions together
 * @param mostLag the same of the partition that lags most
 * @param stops where it has stopped, or catches up after a stop
 */
public record TopologyStanding(
    String topology, List<String> depots, long lag, long mostLag, List<FoldStop> stops) {

  /** Number of partitions it has stopped for. */
  public int stopped() {
    return (int) stops.stream().filter(stop -> !stop.catchingUp()).count();
  }

  /** Number of partitions for which it folds what it missed. */
  public int catchingUp() {
    return stops.size() - stopped();
  }

  /** {@code RUNNING}, {@code CATCHING_UP}, or {@code STOPPED} when at least one partition is. */
  public String status() {
    return stops.isEmpty() ? "RUNNING" : stopped() > 0 ? "STOPPED" : "CATCHING_UP";
  }
}
