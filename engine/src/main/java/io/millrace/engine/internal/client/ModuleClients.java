package io.millrace.engine.internal.client;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.Token;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.depot.TokenWait;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import io.millrace.engine.topology.PStateClient;
import io.millrace.engine.topology.TopologyClient;
import io.millrace.engine.topology.TopologyControl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the event-sourced modules of an engine offer to clients, by name. */
public final class ModuleClients {
  private final Map<String, DepotClient<Object>> depots = new LinkedHashMap<>();
  private final Map<String, PStateClient> pstates = new LinkedHashMap<>();
  private final Map<String, TopologyClient> topologies = new LinkedHashMap<>();
  private final List<ModuleHost> hosts = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final TopologyControl control;

  /** Collects the clients of all modules. */
  public ModuleClients(
      List<HostedModule> hosted, Node node, int tasks, Supplier<Snapshot> snapshots) {
    for (var module : hosted) {
      if (module instanceof ModuleHost host) {
        hosts.add(host);
        for (var depot : host.definition().depots()) {
          var client = client(host, depot, node, tasks);
          depots.put(depot.qualifiedName(), client);
          var table = tableName(host, depot.name());
          tables.add(new DepotTable(table, client, node, host.depotId(depot.name()), tasks));
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
    tables.add(DeadLetterTable.of(topologies.values()));
    control =
        new ClientControl(
            hosted.stream()
                .filter(ModuleHost.class::isInstance)
                .map(ModuleHost.class::cast)
                .toList(),
            node,
            tasks);
  }

  @SuppressWarnings("unchecked")
  private static ClientDepot<Object> client(ModuleHost host, Depot<?> depot, Node node, int tasks) {
    return new ClientDepot<>(host, (Depot<Object>) depot, node, tasks);
  }

  /** Tables of depots, and of dead letters. */
  public List<Table> tables() {
    return List.copyOf(tables);
  }

  private static String tableName(ModuleHost host, String depot) {
    var taken =
        host.definition().pstates().stream().anyMatch(pstate -> pstate.name().equals(depot));
    return taken ? depot + "_events" : depot;
  }

  /** A depot by name. */
  public DepotClient<Object> depot(String name) {
    return find("depot", depots, name);
  }

  /**
   * A wait for what a token names.
   *
   * @throws TokenException when it is no token, or its depot is not here
   */
  public TokenWait waitFor(String text) {
    Token token;
    try {
      token = Token.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TokenException(TokenException.Reason.INVALID, String.valueOf(e.getMessage()));
    }
    var depot = depots.get(present(token.depot()));
    if (depot == null) {
      throw new TokenException(
          TokenException.Reason.INVALID, "the token's depot is not here: " + token.depot());
    }
    return depot.waitFor(new Token(depot.depot().qualifiedName(), token.epoch(), token.offsets()));
  }

  /** A token keeps the name its depot had when it was given. */
  private String present(String qualifiedDepot) {
    var slash = qualifiedDepot.indexOf('/');
    for (var host : hosts) {
      if (slash > 0 && host.name().equals(qualifiedDepot.substring(0, slash))) {
        return host.name() + "/" + host.presentDepot(qualifiedDepot.substring(slash + 1));
      }
    }
    return qualifiedDepot;
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

  /** All topologies, for operators. */
  public TopologyControl control() {
    return control;
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
