package io.millrace.http.backend;

import io.millrace.engine.topology.TopologyControl;
import io.millrace.http.ingest.EventTarget;
import io.millrace.http.query.StateReader;
import org.jspecify.annotations.Nullable;

/** What the door translates to: depots to append to, pstates to read. */
public interface HttpBackend {
  /** A depot, or null when there is none of that name. */
  @Nullable EventTarget depot(String module, String depot);

  /** A pstate, or null when there is none of that name. */
  @Nullable StateReader pstate(String module, String pstate);

  /** The topologies of all modules, for operators. */
  default TopologyControl topologies() {
    return TopologyControl.NONE;
  }
}
