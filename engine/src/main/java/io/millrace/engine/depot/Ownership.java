package io.millrace.engine.depot;

import java.util.List;

/** Which node executes which task. One machine owns all; a cluster shares them out. */
public interface Ownership {
  /**
   * A node.
   *
   * @param id stable name
   * @param address where clients reach it, empty when it has no address
   */
  record Node(String id, String address) {}

  /**
   * Who owns what.
   *
   * @param epoch grows with every change
   * @param owners owner of each task; no entry is missing, a task without an owner has an empty id
   * @param standbys nodes that hold a warm copy of each task
   */
  record View(long epoch, List<Node> owners, List<List<Node>> standbys) {}

  /** Told about tasks that come and go. */
  interface Listener {
    /** This node executes the task from now on. */
    void gained(int task, long epoch);

    /** This node must not execute the task any more. */
    void lost(int task, long epoch);

    /** This node keeps a warm copy of the task. */
    void standby(int task, long epoch);
  }

  /** Takes part; the listener is called before this returns for what is owned at once. */
  void join(Node self, Listener listener);

  /** The newest known view. */
  View view();

  /** Whether this node may answer from the task's state right now. */
  boolean leaseValid(int task);

  /** Leaves; every task is lost. */
  void leave();
}
