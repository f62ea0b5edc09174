package io.millrace.engine.topology;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.health.HealthFact;
import io.millrace.engine.health.HealthFact.Severity;
import java.util.ArrayList;
import java.util.List;

/** What topologies add to the facts about a node's health. */
public final class TopologyHealth {
  private static final int MOST_NAMED = 3;

  private TopologyHealth() {}

  /**
   * Partitions that topologies have stopped for, and the lag of all. A stop is a warning: state is
   * served as it was, other partitions go on, and another node would stop at the same event, so
   * that taking this one out of service helps nobody.
   */
  public static List<HealthFact> facts(List<TopologyStanding> standings) {
    var stopped = 0;
    var lag = 0L;
    var named = new ArrayList<String>();
    for (var standing : standings) {
      stopped += standing.stopped();
      lag += standing.lag();
      for (var stop : standing.stops()) {
        if (!stop.catchingUp() && named.size() < MOST_NAMED) {
          named.add(named(stop));
        }
      }
    }
    return List.of(
        stopped == 0
            ? HealthFact.good("topologies_stopped", "no topology has stopped")
            : new HealthFact("topologies_stopped", Severity.WARNING, text(stopped, named), stopped),
        new HealthFact(
            "topologies_lag", Severity.GOOD, "events appended and not folded yet: " + lag, lag));
  }

  private static String named(FoldStop stop) {
    return stop.topology()
        + " at depot="
        + stop.depot()
        + " partition="
        + stop.partition()
        + " offset="
        + stop.offset();
  }

  private static String text(int stopped, List<String> named) {
    return "topologies have stopped for "
        + stopped
        + (stopped == 1 ? " partition: " : " partitions: ")
        + String.join(", ", named)
        + (stopped > named.size() ? ", ..." : "")
        + "; TOPOLOGY LIST and sys.topologies tell why, resume or skip them";
  }
}
