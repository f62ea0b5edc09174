package io.millrace.http.backend;

import io.millrace.engine.Engine;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.http.ingest.EventTarget;
import io.millrace.http.query.StateReader;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Depots and pstates of an engine, used from the door's event loop, which is a lane. */
public final class EngineBackend implements HttpBackend {
  private final Map<String, EventTarget> depots = new HashMap<>();
  private final Map<String, StateReader> pstates = new HashMap<>();

  private final TopologyControl topologies;

  /** Opens a lane for the loop. */
  public EngineBackend(Engine engine, EventLoop loop) {
    topologies = engine.control();
    var turns = new Turns(engine.lane(loop), loop);
    for (var depot : engine.depots()) {
      depots.put(depot.depot().qualifiedName(), new DepotTarget(depot, turns));
    }
    var tokens = new Tokens(engine, turns);
    for (var pstate : engine.pstates()) {
      pstates.put(pstate.pstate().qualifiedName(), new PathReader(pstate, turns, tokens));
    }
  }

  @Override
  public @Nullable EventTarget depot(String module, String depot) {
    return depots.get(module + "/" + depot);
  }

  @Override
  public @Nullable StateReader pstate(String module, String pstate) {
    return pstates.get(module + "/" + pstate);
  }

  @Override
  public TopologyControl topologies() {
    return topologies;
  }
}
