package io.millrace.sql.run;

import io.millrace.engine.state.Lane;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.topology.TopologyControl;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Opens the one snapshot a statement reads. */
@FunctionalInterface
public interface SnapshotSource {
  /**
   * Opens a cut; may wait until the token's positions are folded.
   *
   * @param afterToken what the snapshot must contain, or null for the newest cut at hand
   */
  Snapshot open(@Nullable String afterToken);

  /** The topologies of all modules, for operators. */
  default TopologyControl topologies() {
    return TopologyControl.NONE;
  }

  /**
   * A lane for an event loop of the door, on which single keys are read without a cut; null when
   * every read needs one.
   */
  default @Nullable Lane lane(Executor loop) {
    return null;
  }

  /**
   * Opens a cut; waits for the token no longer than is wanted.
   *
   * @param afterToken what the snapshot must contain, or null for the newest cut at hand
   * @param timeoutMs how long to wait at most, 0 for no limit
   * @param stillWanted called while waiting; throws when the statement shall end
   */
  default Snapshot open(@Nullable String afterToken, long timeoutMs, Runnable stillWanted) {
    return open(afterToken);
  }
}
