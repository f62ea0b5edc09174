package io.millrace.engine.topology;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One place in the graph of a topology. */
public final class Node {
  private final int id;
  private final String name;
  private final Step step;
  private final List<Node> next = new ArrayList<>();

  Node(int id, String name, Step step) {
    this.id = id;
    this.name = name;
    this.step = step;
  }

  /** Number of the place, counted in the order of the definition. */
  public int id() {
    return id;
  }

  /** Operator and its line in the module, for messages. */
  public String name() {
    return name;
  }

  /** What happens here. */
  public Step step() {
    return step;
  }

  /** Where its values go, in the order of the definition. */
  public List<Node> next() {
    return Collections.unmodifiableList(next);
  }

  void add(Node node) {
    next.add(node);
  }
}
