package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.SysRecords;
import io.millrace.engine.topology.TopologyClient;
import java.util.ArrayList;
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
  public List<Stopped> stopped() {
    return node.run(
            held -> {
              var found = new ArrayList<Stopped>();
              for (var stop : host.stops().all()) {
                if (stop.key.stream().equals(name)) {
                  var state = stop.state;
                  found.add(
                      new Stopped(
                          stop.key.depot(),
                          stop.key.partition(),
                          state.offset(),
                          state.catchingUp(),
                          state.place(),
                          state.attempts(),
                          state.error()));
                }
              }
              return found;
            })
        .value();
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return node.run(held -> host.deadLetters(name, held)).value();
  }

  @Override
  public void resume() {
    goOn(false);
  }

  @Override
  public void skip() {
    goOn(true);
  }

  private void goOn(boolean skip) {
    for (var stopped : stopped()) {
      if (stopped.catchingUp()) {
        continue;
      }
      var body =
          Decisions.encode(
              new Decisions.Resume(host.name(), name, stopped.depot(), stopped.partition(), skip));
      node.run(held ->
          held.appendEvent(
              SysRecords.DEPOT_ID,
              stopped.partition(),
              Decisions.RESUME,
              1,
              null,
              body,
              0,
              body.length));
    }
  }
}
