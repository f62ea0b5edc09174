package io.millrace.engine.internal.topology;

import io.millrace.engine.topology.Node;
import io.millrace.engine.topology.Step;

/** A place of a compiled topology. */
final class PlanNode {
  private static final PlanNode[] NONE = new PlanNode[0];

  final int id;
  final String name;

  /** Name by which waiting work finds it, see {@link Node#place}. */
  final String place;

  final boolean isNamed;
  final Step step;
  PlanNode[] next = NONE;

  PlanNode(Node node) {
    id = node.id();
    name = node.name();
    place = node.place();
    isNamed = node.isNamed();
    step = node.step();
  }
}
