package io.millrace.engine.internal.stage;

import io.millrace.engine.topology.StreamTopology;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled stream topology. */
public final class StreamPlan {
  public final String module;
  public final String name;
  public final int retries;
  final CompiledNode[] nodes;

  /** Depots it folds, see {@link #deploy}. */
  private final Map<String, long[]> deployed = new HashMap<>();

  private final Map<String, CompiledNode> roots = new LinkedHashMap<>();
  private final Map<String, CompiledNode> places = new HashMap<>();

  public StreamPlan(StreamTopology topology) {
    module = topology.module();
    name = topology.name();
    retries = topology.retries();
    var graph = topology.nodes();
    nodes = new CompiledNode[graph.size()];
    for (var node : graph) {
      nodes[node.id()] = new CompiledNode(node);
    }
    for (var node : graph) {
      nodes[node.id()].next =
          node.next().stream().map(behind -> nodes[behind.id()]).toArray(CompiledNode[]::new);
    }
    for (var source : topology.sources()) {
      var depot = source.depot().name();
      roots.put(depot, nodes[source.root().id()]);
      collect(depot, nodes[source.root().id()]);
    }
  }

  private void collect(String depot, CompiledNode node) {
    places.put(node.isNamed ? node.place : depot + ":" + node.place, node);
    for (var behind : node.next) {
      collect(depot, behind);
    }
  }

  /** The place of a name behind a depot; null when this version has none such. */
  @Nullable CompiledNode place(String depot, String place) {
    var unnamed = places.get(depot + ":" + place);
    return unnamed != null ? unnamed : places.get(place);
  }

  /**
   * Says that the directory knows that the topology reads a depot.
   *
   * @param began offset from which, by partition; empty when from the beginning
   */
  public void deploy(String depot, long[] began) {
    deployed.put(depot, began);
  }

  /** Offset from which a partition of a depot is folded; past every event while it is not. */
  public long began(String depot, int partition) {
    var began = deployed.get(depot);
    return began == null ? Long.MAX_VALUE : began.length == 0 ? 0 : began[partition];
  }

  /** Depots it reads. */
  public Set<String> sources() {
    return roots.keySet();
  }

  public @Nullable CompiledNode root(String depot) {
    return roots.get(depot);
  }

  /** Name of the family that records its deployment. */
  public String family() {
    return Aliases.family(name);
  }

  @Override
  public String toString() {
    return module + "/" + name;
  }
}
