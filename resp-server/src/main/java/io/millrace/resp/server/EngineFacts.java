package io.millrace.resp.server;

import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.depot.TokenWait;
import io.millrace.engine.health.DiskStatus;
import io.millrace.engine.health.HealthFact;
import io.millrace.engine.state.RequestMemory;
import io.millrace.engine.topology.PStateClient;
import io.millrace.engine.topology.TopologyControl;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the door asks the engine beside executions: figures for INFO, and saving. */
public interface EngineFacts {
  /** Bytes that the data and its index occupy in memory. */
  long usedMemory();

  /** Position of the end of the journal. */
  long journalPosition();

  /** Position up to which the journal would survive a power cut. */
  default long syncedPosition() {
    return journalPosition();
  }

  /** Seconds since the epoch of the last finished checkpoint. */
  long lastCheckpointSeconds();

  /**
   * Starts a checkpoint; the action runs, on any thread, when it is durable, with null, or has
   * failed, with the reason.
   */
  void checkpoint(Consumer<@Nullable Exception> done);

  /** Figures of the engine for INFO's section of its own, in order. */
  default Map<String, Object> figures() {
    return Map.of();
  }

  /** What there is to know about the health of the node. */
  default List<HealthFact> health() {
    return List.of();
  }

  /** How the disk is doing. */
  default DiskStatus disk() {
    return DiskStatus.NONE;
  }

  /** The memory that requests of all doors may hold together; asked once. */
  default RequestMemory requestMemory() {
    return RequestMemory.ofThisProcess();
  }

  /** Logical hash of all state, modules included; the caller holds the execution. */
  default long digest() {
    return 0;
  }

  /** Stops the node in order. */
  void shutdown();

  /** State may no longer equal the journal: the node must stop at once. */
  void failed(Throwable cause);

  /**
   * A depot of a module.
   *
   * @throws IllegalArgumentException when there is none, naming those there are
   */
  default DepotClient<Object> depot(String name) {
    throw new IllegalArgumentException("no depot " + name + ": no module is deployed");
  }

  /**
   * A pstate of a module.
   *
   * @throws IllegalArgumentException when there is none, naming those there are
   */
  default PStateClient pstate(String name) {
    throw new IllegalArgumentException("no pstate " + name + ": no module is deployed");
  }

  /** The topologies of all modules, for operators. */
  default TopologyControl topologies() {
    return TopologyControl.NONE;
  }

  /**
   * A wait for what a token names.
   *
   * @throws TokenException when it is no token, or its depot is not here
   */
  default TokenWait waitFor(String token) {
    throw new TokenException(
        TokenException.Reason.INVALID, "no module is deployed: token=" + token);
  }

  /** Facts of a server without an engine of its own, as in tests. */
  static EngineFacts none() {
    return new EngineFacts() {
      @Override
      public long usedMemory() {
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
      }

      @Override
      public long journalPosition() {
        return 0;
      }

      @Override
      public long lastCheckpointSeconds() {
        return 0;
      }

      @Override
      public void checkpoint(Consumer<@Nullable Exception> done) {
        done.accept(null);
      }

      @Override
      public void shutdown() {
        throw new UnsupportedOperationException("no node to stop");
      }

      @Override
      public void failed(Throwable cause) {
        throw new IllegalStateException("state no longer equals the journal", cause);
      }
    };
  }
}
