package io.millrace.node;

import io.millrace.node.config.NodeConfig;
import java.util.function.IntConsumer;

/** One running node: the engine and its doors, started and stopped in order. */
public final class Node implements AutoCloseable {
  private Node() {}

  /**
   * Starts a node.
   *
   * @param config its configuration
   * @param stop called once with an exit code when the node wants to end by itself
   */
  public static Node start(NodeConfig config, IntConsumer stop) {
    return new Node();
  }

  /** Where the doors are, for the log. */
  String doors() {
    return "";
  }

  @Override
  public void close() {}
}
