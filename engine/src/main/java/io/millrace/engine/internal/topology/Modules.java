package io.millrace.engine.internal.topology;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.pstate.PStateClient;
import io.millrace.engine.query.Snapshot;
import io.millrace.engine.topology.TopologyClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the event-sourced modules of an engine offer to clients, by name. */
public final class Modules {
  private final Map<String, DepotClient<Object>> depots = new LinkedHashMap<>();
  private final Map<String, PStateClient> pstates = new LinkedHashMap<>();
  private final Map<String, TopologyClient> topologies = new LinkedHashMap<>();

  /** Collects the clients of all modules. */
  public Modules(
      List<HostedModule> hosted, Node node, int tasks, Supplier<Snapshot> snapshots) {
    for (var module : hosted) {
      if (module instanceof ModuleHost host) {
        for (var depot : host.definition().depots()) {
          depots.put(depot.qualifiedName(), client(host, depot, node, tasks));
        }
        for (var pstate : host.definition().pstates()) {
          pstates.put(
              pstate.qualifiedName(), new ClientPState(host, pstate, node, tasks, snapshots));
        }
        for (var stream : host.definition().streams()) {
          var topology = new ClientTopology(host, stream.name(), node);
          topologies.put(topology.qualifiedName(), topology);
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static DepotClient<Object> client(ModuleHost host, Depot<?> depot, Node node, int tasks) {
    return new ClientDepot<>(host, (Depot<Object>) depot, node, tasks);
  }

  /** A depot by name. */
  public DepotClient<Object> depot(String name) {
    return find("depot", depots, name);
  }

  /** All depots. */
  public List<DepotClient<Object>> depots() {
    return List.copyOf(depots.values());
  }

  /** A pstate by name. */
  public PStateClient pstate(String name) {
    return find("pstate", pstates, name);
  }

  /** All pstates. */
  public List<PStateClient> pstates() {
    return List.copyOf(pstates.values());
  }

  /** A topology by name. */
  public TopologyClient topology(String name) {
    return find("topology", topologies, name);
  }

  /** All topologies. */
  public List<TopologyClient> topologies() {
    return List.copyOf(topologies.values());
  }

  private static <T> T find(String kind, Map<String, T> all, String name) {
    var exact = all.get(name);
    if (exact != null) {
      return exact;
    }
    var found = new ArrayList<T>();
    all.forEach((qualified, client) -> {
      if (qualified.endsWith("/" + name)) {
        found.add(client);
      }
    });
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new IllegalArgumentException(
        (found.isEmpty() ? "there is no " : "there are several of the name, qualify it: ")
            + kind
            + " '"
            + name
            + "'; there are "
            + String.join(", ", all.keySet()));
  }
}
