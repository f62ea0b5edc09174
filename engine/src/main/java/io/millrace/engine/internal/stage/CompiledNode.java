package io.millrace.engine.internal.stage;

import io.millrace.engine.topology.Step;
import io.millrace.engine.topology.TopologyNode;

/** A place of a compiled topology. */
public final class CompiledNode {
  private static final CompiledNode[] NONE = new CompiledNode[0];

  final int id;
  final String name;

  /** Name by which waiting work finds it, see {@link TopologyNode#place}. */
  public final String place;

  final boolean isNamed;
  final Step step;
  CompiledNode[] next = NONE;

  CompiledNode(TopologyNode node) {
    id = node.id();
    name = node.name();
    place = node.place();
    isNamed = node.isNamed();
    step = node.step();
  }
}
