package io.millrace.sql.session;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.table.Table;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What who appends to a depot must know: topologies that have stopped do not fold it. */
final class StopWarnings {
  private static final Logger LOG = LoggerFactory.getLogger(StopWarnings.class);

  private StopWarnings() {}

  /** One for each topology that has stopped in a partition of a depot; not for a lane's thread. */
  static List<SqlProblem> of(TopologyControl control, Table appended) {
    var warnings = new ArrayList<SqlProblem>();
    try {
      for (var standing : control.standingsNow()) {
        var stops = standing.stops().stream().filter(stop -> concerns(stop, appended)).toList();
        if (!stops.isEmpty()) {
          warnings.add(warning(stops));
        }
      }
    } catch (RuntimeException unknown) {
      // The events are appended: an error here would make the client append them again.
      LOG.warn("cannot say where topologies of {} stand", appended.name(), unknown);
    }
    return warnings;
  }

  /** A depot is a table of its own name, or has a suffix where a pstate has that name. */
  private static boolean concerns(FoldStop stop, Table table) {
    return !stop.catchingUp()
        && stop.topology().startsWith(table.schema() + "/")
        && (stop.depot().equals(table.name()) || (stop.depot() + "_events").equals(table.name()));
  }

  private static SqlProblem warning(List<FoldStop> stops) {
    var first = stops.getFirst();
    var partitions =
        stops.stream().map(stop -> "" + stop.partition()).collect(Collectors.joining(", "));
    return SqlProblem.withHint(
        SqlState.WARNING,
        "appended, but what is in partition "
            + partitions
            + " of "
            + first.depot()
            + " is not folded: "
            + first.text(),
        "When its code is mended: call sys.resume('"
            + first.topology()
            + "'); see sys.topologies.");
  }
}
