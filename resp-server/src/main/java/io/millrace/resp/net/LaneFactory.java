package io.millrace.resp.net;

import io.millrace.engine.state.Lane;
import java.util.concurrent.Executor;

/** Opens the engine's side of a lane; given by whoever wires the node. */
@FunctionalInterface
public interface LaneFactory {
  /**
   * Opens a lane.
   *
   * @param executor runs actions on the lane's thread
   */
  Lane open(Executor executor);
}
