package io.millrace.node.stops;

import static io.millrace.engine.pstate.Scalar.LONG;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;

/** Orders, one kind of which the code cannot fold until it is mended. */
public final class Orders implements EngineModule {
  /** With this system property the module is a later version, whose code has been mended. */
  static final String MENDED = "orders.mended";

  /** An order of a customer. */
  public record Order(long customer, long amount, boolean poison) {}

  @Override
  public void define(Definition def) {
    var placed = def.depot("placed", Order.class).partitionBy(Order::customer);
    var totals = def.pstate("totals", Schema.map(LONG, LONG));
    def.stream("sums")
        .retries(1)
        .from(placed)
        .each((order, at) -> {
          at.write(totals).key(order.customer()).increment(order.amount());
          if (order.poison() && !Boolean.getBoolean(MENDED)) {
            throw new IllegalStateException("no such order: " + order.amount());
          }
        });
  }
}
