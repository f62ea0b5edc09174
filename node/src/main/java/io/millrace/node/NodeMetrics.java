package io.millrace.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.engine.Engine;

/** The engine's counters as meters. */
final class NodeMetrics {
  private NodeMetrics() {}

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
