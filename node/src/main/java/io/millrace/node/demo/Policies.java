package io.millrace.node.demo;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Insurance policies: events in; the policy grid and totals by product out. */
public final class Policies implements EngineModule {

  /** How one event changes the totals of a product, on its way to the product's task. */
  public record ProductChange(String product, long active, long premiumCents, long claims) {
    static List<ProductChange> between(@Nullable Policy old, @Nullable Policy now) {
      if (now == null) {
        return List.of();
      }
      var wasActive = old != null && old.isActive();
      var active = (now.isActive() ? 1 : 0) - (wasActive ? 1 : 0);
      var before = old != null && wasActive ? old.premiumCents() : 0;
      var premium = (now.isActive() ? now.premiumCents() : 0) - before;
      var claims = now.claims() - (old == null ? 0 : old.claims());
      return active == 0 && premium == 0 && claims == 0
          ? List.of()
          : List.of(new ProductChange(now.product(), active, premium, claims));
    }
  }

  /** Totals of a product. */
  public record ProductStats(long activePolicies, long premiumCents, long claims) {
    static ProductStats with(@Nullable ProductStats old, ProductChange change) {
      var before = old == null ? new ProductStats(0, 0, 0) : old;
      return new ProductStats(
          before.activePolicies + change.active,
          before.premiumCents + change.premiumCents,
          before.claims + change.claims);
    }
  }

  @Override
  public String name() {
    return "insurance";
  }

  @Override
  public void define(Definition def) {
    var events = def.depot("policy_events", PolicyEvent.class).partitionBy(PolicyEvent::policyId);
    var policies = def.pstate("policies", Schema.map(LONG, Schema.of(Policy.class)));
    var products = def.pstate("products", Schema.map(STRING, Schema.of(ProductStats.class)));

    def.stream("grid")
        .from(events)
        .explode((event, at) -> {
          Policy old = at.read(policies).key(event.policyId()).get();
          var now = Policy.with(old, event);
          if (now != null && !Objects.equals(old, now)) {
            at.write(policies).key(event.policyId()).set(now);
          }
          return ProductChange.between(old, now);
        })
        .groupBy(ProductChange::product)
        .fold(products, ProductStats::with);
  }
}
