package io.millrace.http.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.http.exchange.Answer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The node's registry, and what this door counts about itself. */
public final class DoorMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Runnable> beforeScrape = new CopyOnWriteArrayList<>();
  private final Counter accepted;
  private final JvmGcMetrics collector = new JvmGcMetrics();

  /** Starts counting. */
  public DoorMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collector.bindTo(registry);
    Gauge.builder("millrace.connections", connections, AtomicInteger::get)
        .tag("door", "http")
        .description("Open connections")
        .register(registry);
    accepted =
        Counter.builder("millrace.http.events")
            .description("Events taken by the HTTP door")
            .register(registry);
  }

  /** Where others register their meters; never with a key as a label. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Runs an action before each scrape: meters whose labels come and go are renewed by it. */
  public void beforeScrape(Runnable action) {
    beforeScrape.add(action);
  }

  /** A connection came (1) or went (-1); returns how many there are. */
  public int connection(int change) {
    return connections.addAndGet(change);
  }

  /** Events were taken. */
  public void events(long count) {
    accepted.increment(count);
  }

  /** A request was answered. */
  public void answered(String route, int status, long nanos) {
    Timer.builder("millrace.http.requests")
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** All of them as Prometheus text. */
  public Answer scrape() {
    beforeScrape.forEach(Runnable::run);
    return Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape());
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
