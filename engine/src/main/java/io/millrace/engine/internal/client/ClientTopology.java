package io.millrace.engine.internal.client;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.topology.TopologyClient;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import java.util.List;

/** A topology of a hosted module from outside. */
public final class ClientTopology implements TopologyClient {
  private final ModuleHost host;
  private final String name;
  private final Node node;

  /** A client of a topology of a hosted module. */
  public ClientTopology(ModuleHost host, String name, Node node) {
    this.host = host;
    this.name = name;
    this.node = node;
  }

  @Override
  public String qualifiedName() {
    return host.name() + "/" + name;
  }

  @Override
  public List<FoldStop> stopped() {
    return node.read(held ->
            host.stops().all().stream()
                .filter(stop -> stop.key.stream().equals(name))
                .map(stop -> stop.shown(host.name()))
                .toList())
        .value();
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return node.run(held -> host.deadLetters(name, held)).value();
  }

  @Override
  public void resume() {
    goOn(Decision.RESUME);
  }

  @Override
  public void skip() {
    goOn(Decision.SKIP);
  }

  private void goOn(Decision decision) {
    var ending = new StopEnding(host, name, node);
    for (var stop : ending.find(Which.ALL)) {
      ending.end(stop, decision);
    }
  }
}
