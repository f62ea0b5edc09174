package io.millrace.engine.internal.store.cold;

import io.millrace.engine.state.SpaceOrder;

/** A named-by-number set of entries on every task. */
public final class Space {
  /** Value of {@link #droppedIn} of a space in use. */
  public static final int IN_USE = Integer.MAX_VALUE;

  public final int id;
  public final int family;
  public final SpaceOrder order;

  /** Generation in which the space was dropped: cuts sealed earlier still hold it. */
  public volatile int droppedIn = IN_USE;

  /** The cold tier may hold entries of it. */
  public volatile boolean stored;

  public Space(int id, int family, SpaceOrder order) {
    this.id = id;
    this.family = family;
    this.order = order;
  }

  /** True when a cut sealed at a generation does not hold this space any more. */
  public boolean droppedBy(int seal) {
    return droppedIn <= seal;
  }

  public boolean inUse() {
    return droppedIn == IN_USE;
  }
}
