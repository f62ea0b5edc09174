package io.millrace.sql.exec;

/** A plan node that may deliver its rows in the order of a table's key. */
public interface KeyOrdered {
  /** True when rows can be delivered in the order of these cells without a sort. */
  boolean ordersBy(int[] cells);

  /** The same node, delivering rows in key order. */
  PlanNode inKeyOrder();
}
