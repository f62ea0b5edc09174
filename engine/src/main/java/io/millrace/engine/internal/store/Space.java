package io.millrace.engine.internal.store;

import io.millrace.engine.state.SpaceOrder;

/** A named-by-number set of entries on every task. */
final class Space {
  /** Value of {@link #droppedIn} of a space in use. */
  static final int IN_USE = Integer.MAX_VALUE;

  final int id;
  final int family;
  final SpaceOrder order;

  /** Generation in which the space was dropped: cuts sealed earlier still hold it. */
  volatile int droppedIn = IN_USE;

  /** The cold tier may hold entries of it. */
  volatile boolean stored;

  Space(int id, int family, SpaceOrder order) {
    this.id = id;
    this.family = family;
    this.order = order;
  }

  /** True when a cut sealed at a generation does not hold this space any more. */
  boolean droppedBy(int seal) {
    return droppedIn <= seal;
  }

  boolean inUse() {
    return droppedIn == IN_USE;
  }
}
