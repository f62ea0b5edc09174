package io.millrace.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.millrace.engine.Engine;
import io.millrace.engine.health.HealthFact;
import io.millrace.engine.health.HealthFacts;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.engine.topology.TopologyStanding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The engine's counters as meters. */
final class NodeMetrics {
  private NodeMetrics() {}

  /**
   * The facts about the node's health as meters, renewed by the returned action: {@code
   * millrace_health_severity{fact=...}} is 0 for good, 1 for a warning, 2 for not ready, 3 for not
   * live; {@code millrace_health_value} is the figure behind it.
   */
  static Runnable health(MeterRegistry registry, HealthFacts facts) {
    var severities =
        MultiGauge.builder("millrace.health.severity")
            .description("0 good, 1 warning, 2 not ready, 3 not live")
            .register(registry);
    var values =
        MultiGauge.builder("millrace.health.value")
            .description("The figure behind a fact about the node's health")
            .register(registry);
    return () -> {
      var all = facts.all();
      severities.register(rows(all, fact -> fact.severity().ordinal()), true);
      values.register(rows(all, HealthFact::value), true);
    };
  }

  /** Where topologies stand as meters, one row a topology, renewed by the returned action. */
  static Runnable topologies(MeterRegistry registry, TopologyControl control) {
    var stopped = gauge(registry, "stopped.partitions", "Partitions it has stopped for");
    var catchingUp =
        gauge(registry, "catching.up.partitions", "Partitions for which it folds what it missed");
    var lag = gauge(registry, "lag", "Events appended and not folded yet, all partitions");
    var most = gauge(registry, "lag.most", "The same of the partition that lags most");
    return () -> {
      var all = control.standings();
      stopped.register(standings(all, TopologyStanding::stopped), true);
      catchingUp.register(standings(all, TopologyStanding::catchingUp), true);
      lag.register(standings(all, TopologyStanding::lag), true);
      most.register(standings(all, TopologyStanding::mostLag), true);
    };
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder("millrace.topology." + name)
        .description(description)
        .register(registry);
  }

  private static List<MultiGauge.Row<?>> standings(
      List<TopologyStanding> all, ToDoubleFunction<TopologyStanding> figure) {
    var rows = new ArrayList<MultiGauge.Row<?>>();
    for (var one : all) {
      rows.add(MultiGauge.Row.of(Tags.of("topology", one.topology()), figure.applyAsDouble(one)));
    }
    return rows;
  }

  private static List<MultiGauge.Row<?>> rows(
      List<HealthFact> facts, ToDoubleFunction<HealthFact> figure) {
    var rows = new ArrayList<MultiGauge.Row<?>>();
    for (var fact : facts) {
      rows.add(MultiGauge.Row.of(Tags.of("fact", fact.name()), figure.applyAsDouble(fact)));
    }
    return rows;
  }

  static void bind(MeterRegistry registry, Engine engine) {
    FunctionCounter.builder("millrace.journal.appended", engine, e -> e.status().appended())
        .baseUnit("bytes")
        .description("Journal bytes executed")
        .register(registry);
    FunctionCounter.builder("millrace.journal.written", engine, e -> e.status().written())
        .baseUnit("bytes")
        .description("Journal bytes the kernel has")
        .register(registry);
    FunctionCounter.builder("millrace.journal.synced", engine, e -> e.status().synced())
        .baseUnit("bytes")
        .description("Journal bytes the disk has")
        .register(registry);
    FunctionCounter.builder("millrace.checkpoints", engine, e -> e.status().checkpoints())
        .description("Checkpoints since the start")
        .register(registry);
    FunctionCounter.builder("millrace.store.flushes", engine, e -> e.status().flushes())
        .description("Flushes of the cold tier since the start")
        .register(registry);
    FunctionCounter.builder(
            "millrace.journal.truncated.segments", engine, e -> e.status().truncatedSegments())
        .description("Journal segments deleted or archived since the start")
        .register(registry);
    Gauge.builder("millrace.checkpoint.position", engine, e -> e.status().checkpoint())
        .description("Journal position of the last durable cut")
        .register(registry);
    Gauge.builder("millrace.disk.full", engine, e -> e.status().diskFull() ? 1 : 0)
        .description("1 while the disk is full and replies of writes are held")
        .register(registry);
  }
}
