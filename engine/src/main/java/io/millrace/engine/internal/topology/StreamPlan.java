package io.millrace.engine.internal.topology;

import io.millrace.engine.topology.StreamTopology;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled stream topology. */
final class StreamPlan {
  final String module;
  final String name;
  final int retries;
  final PlanNode[] nodes;

  /** True once the directory knows the topology: only what is appended afterwards is folded. */
  boolean deployed;

  private final Map<String, PlanNode> roots = new HashMap<>();

  StreamPlan(StreamTopology topology) {
    module = topology.module();
    name = topology.name();
    retries = topology.retries();
    var graph = topology.nodes();
    nodes = new PlanNode[graph.size()];
    for (var node : graph) {
      nodes[node.id()] = new PlanNode(node);
    }
    for (var node : graph) {
      nodes[node.id()].next =
          node.next().stream().map(behind -> nodes[behind.id()]).toArray(PlanNode[]::new);
    }
    for (var source : topology.sources()) {
      roots.put(source.depot().name(), nodes[source.root().id()]);
    }
  }

  @Nullable PlanNode root(String depot) {
    return roots.get(depot);
  }

  /** Name of the family that records its deployment. */
  String family() {
    return "stream." + name;
  }

  @Override
  public String toString() {
    return module + "/" + name;
  }
}
