package io.millrace.engine.depot;

import java.util.List;

/**
 * A topology that has stopped for a partition of a depot, because an event's fold kept failing.
 *
 * @param topology {@code module/topology}
 * @param depot depot inside the module
 * @param partition partition of the depot
 * @param offset offset of the event whose stage failed
 * @param catchingUp true once it has been resumed and folds what it missed
 * @param nextOffset first event it has not begun, or -1 when none was missed yet
 * @param target where catching up ends, or -1 while stopped
 * @param place operator that threw, with its line
 * @param task task the stage ran on
 * @param attempts how often it was tried
 * @param error what it threw: kind and message
 * @param sinceMs stamp of the record during whose fold it stopped, in ms since the epoch
 */
public record FoldStop(
    String topology,
    String depot,
    int partition,
    long offset,
    boolean catchingUp,
    long nextOffset,
    long target,
    String place,
    int task,
    int attempts,
    String error,
    long sinceMs) {

  /** The names of the topologies, inside their modules. */
  public static List<String> names(List<FoldStop> stops) {
    return stops.stream()
        .map(stop -> stop.topology.substring(stop.topology.indexOf('/') + 1))
        .toList();
  }

  /** What happened and where, as one line; how to end it is said by each door in its own words. */
  public String text() {
    return "the topology "
        + topology
        + (catchingUp ? " catches up after a stop" : " has stopped")
        + ": "
        + error
        + " at "
        + place
        + ", depot="
        + depot
        + " partition="
        + partition
        + " offset="
        + offset
        + " attempts="
        + attempts;
  }
}
