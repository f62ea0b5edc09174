package io.millrace.engine.internal.topology;

import io.millrace.engine.topology.Node;
import io.millrace.engine.topology.Step;

/** A place of a compiled topology. */
final class PlanNode {
  private static final PlanNode[] NONE = new PlanNode[0];

  final int id;
  final String name;
  final Step step;
  PlanNode[] next = NONE;

  PlanNode(Node node) {
    id = node.id();
    name = node.name();
    step = node.step();
  }
}
