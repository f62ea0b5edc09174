package io.millrace.engine.topology;

import io.millrace.engine.state.Execution;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Topologies as operators see them: where they stand, and the ends of their stops. The one way in
 * for all doors.
 */
public interface TopologyControl {
  /** That of an engine without modules. */
  TopologyControl NONE =
      new TopologyControl() {
        @Override
        public List<TopologyStanding> standings() {
          return List.of();
        }

        @Override
        public List<TopologyStanding> standings(Execution held) {
          return List.of();
        }

        @Override
        public List<TopologyStanding> standingsNow() {
          return List.of();
        }

        @Override
        public List<StopEnded> end(String topology, Which which, Decision decision) {
          throw new TopologyException(
              TopologyException.Reason.UNKNOWN_TOPOLOGY,
              "there is no topology '" + topology + "': no module is deployed");
        }
      };

  /** What to do about the stage that failed. */
  enum Decision {
    /** It runs again: its code, or what it needs, has been mended. */
    RESUME,
    /** It is given up and becomes a dead letter. */
    SKIP
  }

  /**
   * Which stops of a topology are meant.
   *
   * @param depot depot inside the module, or null for all it reads
   * @param partition partition, or -1 for all
   * @param offset event it must have stopped at, or -1 for any: who tries again after a lost answer
   *     names it, so that not a second event is given up
   */
  record Which(@Nullable String depot, int partition, long offset) {
    /** All stops of a topology. */
    public static final Which ALL = new Which(null, -1, -1);

    /** The stop on one partition of a depot. */
    public static Which at(String depot, int partition) {
      return new Which(depot, partition, -1);
    }
  }

  /**
   * Where all topologies stand, for health and metrics: at most a second old unless the node is
   * busy. Never waits, for any thread at any time.
   */
  List<TopologyStanding> standings();

  /** Where all topologies stand now; the lock is held. */
  List<TopologyStanding> standings(Execution held);

  /** Where all topologies stand now, once it may be told; not for a lane's thread. */
  List<TopologyStanding> standingsNow();

  /**
   * Ends stops, and returns once that is released; not for a lane's thread.
   *
   * @param topology {@code module/topology}, or the topology alone where it is the only one
   * @return what was ended, at least one
   * @throws TopologyException when nothing was ended, saying why and what there is; with {@code
   *     TIMEOUT} it may have happened
   */
  List<StopEnded> end(String topology, Which which, Decision decision);

  /**
   * The same on a thread of its own, for those that must not wait. Not a virtual one: what those
   * allocate nobody counts, and the stages that run again have a limit.
   */
  default CompletableFuture<List<StopEnded>> endAsync(
      String topology, Which which, Decision decision) {
    return CompletableFuture.supplyAsync(
        () -> end(topology, which, decision),
        work -> Thread.ofPlatform().name("millrace-control").daemon().start(work));
  }
}
