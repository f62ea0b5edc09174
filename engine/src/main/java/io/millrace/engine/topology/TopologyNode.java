package io.millrace.engine.topology;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One place in the graph of a topology. */
public final class TopologyNode {
  private final int id;
  private final String name;
  private final String place;
  private final boolean isNamed;
  private final Step step;
  private final List<TopologyNode> next = new ArrayList<>();

  TopologyNode(int id, String name, String place, boolean isNamed, Step step) {
    this.id = id;
    this.name = name;
    this.place = place;
    this.isNamed = isNamed;
    this.step = step;
  }

  /** Number of the place, counted in the order of the definition. */
  public int id() {
    return id;
  }

  /**
   * Name by which waiting work finds this place again in another version of the module: the name
   * given to the operator; else the operators that lead here from the last named one or from the
   * source, such as {@code each/hop#2}; empty for the source itself.
   */
  public String place() {
    return place;
  }

  /** True when the definition names the place, so that it is the only one in the topology. */
  public boolean isNamed() {
    return isNamed;
  }

  /** The place of an operator that follows and has no name: the second of its kind ends in #2. */
  String placeBehind(String operator) {
    var path = place.isEmpty() ? operator : place + "/" + operator;
    var same = 1;
    for (var sibling : next) {
      if (!sibling.isNamed
          && (sibling.place.equals(path) || sibling.place.startsWith(path + "#"))) {
        same++;
      }
    }
    return same == 1 ? path : path + "#" + same;
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
  public List<TopologyNode> next() {
    return Collections.unmodifiableList(next);
  }

  void add(TopologyNode node) {
    next.add(node);
  }
}
