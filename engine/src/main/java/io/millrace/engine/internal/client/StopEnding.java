package io.millrace.engine.internal.client;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.internal.runtime.AppendExecution;
import io.millrace.engine.internal.runtime.Completed;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.SysRecords;
import io.millrace.engine.internal.topology.Decisions;
import io.millrace.engine.internal.topology.FailedTopologies;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.topology.StopEnded;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends stops of one topology: one record and one hold for each, so that others get their turn. */
final class StopEnding {
  private final ModuleHost host;
  private final String topology;
  private final Node node;

  StopEnding(ModuleHost host, String topology, Node node) {
    this.host = host;
    this.topology = topology;
    this.node = node;
  }

  /** The stops that are meant and have not been ended yet. */
  List<FoldStop> find(Which which) {
    return node.read(held ->
            host.stops().all().stream()
                .filter(stop -> stop.key.stream().equals(topology) && fits(stop, which))
                .map(stop -> stop.shown(host.name()))
                .toList())
        .value();
  }

  private static boolean fits(FailedTopologies.Stop stop, Which which) {
    var key = stop.key;
    return !stop.state.catchingUp()
        && (which.depot() == null || which.depot().equals(key.depot()))
        && (which.partition() < 0 || which.partition() == key.partition())
        && (which.offset() < 0 || which.offset() == stop.state.offset());
  }

  /**
   * Ends a stop; its record is executed and written, not released yet.
   *
   * @return nothing when somebody else has ended it meanwhile
   */
  Completed<Optional<StopEnded>> end(FoldStop stop, Decision decision) {
    var skip = decision == Decision.SKIP;
    return node.run(held -> {
      var present = present(stop);
      if (present == null
          || present.state.catchingUp()
          || present.state.offset() != stop.offset()) {
        return Optional.empty();
      }
      var end = held.nextOffset(host.depotId(stop.depot()), stop.partition());
      var missed = present.state.nextOffset();
      append(held, stop.partition(), resume(stop, skip));
      var behind = missed >= 0 && missed < end;
      return Optional.of(
          new StopEnded(
              stop.topology(),
              stop.depot(),
              stop.partition(),
              stop.offset(),
              skip,
              skip ? host.lastDeadLetter() : -1,
              behind ? missed : -1,
              behind ? end : -1,
              again(stop)));
    });
  }

  private byte[] resume(FoldStop stop, boolean skip) {
    var aliases = host.aliases();
    return Decisions.encode(
        new Decisions.Resume(
            host.name(),
            aliases.firstStream(topology),
            aliases.firstDepot(stop.depot()),
            stop.partition(),
            skip));
  }

  private FailedTopologies.@Nullable Stop present(FoldStop stop) {
    return host.stops().find(topology, stop.depot(), stop.partition());
  }

  private @Nullable FoldStop again(FoldStop stop) {
    var present = present(stop);
    return present == null || present.state.catchingUp() ? null : present.shown(host.name());
  }

  private static void append(AppendExecution held, int partition, byte[] body) {
    held.appendEvent(
        SysRecords.DEPOT_ID, partition, Decisions.RESUME, 1, null, body, 0, body.length);
  }
}
