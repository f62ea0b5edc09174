package io.millrace.benchmarks.fold;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.benchmarks.NanosPerCall;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.AppendResult;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.EventType;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Appending events and folding them: a count by the depot's own key, with and without a second
 * count a hop away; one append that waits for its fold; reading and writing events.
 */
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Xmx2g"
    })
public class FoldBenchmark extends NanosPerCall {
  private static final int BATCH = 256;
  private static final int KEYS = 100_000;

  /** An event of about a hundred bytes as JSON. */
  public record Visit(String page, long user, long at, String referrer) {}

  /** How events are written. */
  @Param({"JSON", "BINARY"})
  public String format = "BINARY";

  /** Whether a second count follows a hop. */
  @Param({"false", "true"})
  public boolean hop;

  private final SplittableRandom random = new SplittableRandom(1);
  private final EventType<Visit> type = EventType.of(Visit.class);
  private Path directory = Path.of(".");
  private byte[] encoded = new byte[0];
  private Visit visit = new Visit("", 0, 0, "");
  private @Nullable Engine engine;
  private @Nullable DepotClient<Object> depot;

  private final class Visits implements EngineModule {
    @Override
    public String name() {
      return "visits";
    }

    @Override
    public void define(Definition def) {
      var visits =
          def.depot("visits", Visit.class)
              .format(EventFormat.valueOf(format))
              .partitionBy(Visit::page);
      var byPage = def.pstate("by_page", Schema.map(STRING, LONG));
      var byUser = def.pstate("by_user", Schema.map(LONG, LONG));
      var stream = def.stream("counts").from(visits);
      stream.groupBy(Visit::page).count(byPage);
      if (hop) {
        stream.groupBy(Visit::user).count(byUser);
      }
    }
  }

  /** Starts an engine. */
  @Setup(Level.Trial)
  public void start() throws IOException {
    directory = Files.createTempDirectory("millrace-fold");
    engine =
        Engine.open(
            EngineConfig.in(directory).withMemory(512 << 20, 64 << 20),
            List.of(),
            List.of(new Visits()),
            failure -> {
              throw new IllegalStateException(failure);
            });
    depot = engine.depot("visits/visits");
    visit = next();
    encoded = type.encode(visit, EventFormat.valueOf(format));
  }

  /** Stops it and removes its files. */
  @TearDown(Level.Trial)
  public void stop() throws IOException {
    Objects.requireNonNull(engine).close();
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Visit next() {
    return new Visit(
        "/page/" + random.nextInt(KEYS),
        random.nextInt(KEYS),
        1_700_000_000_000L + random.nextInt(),
        "https://example.org/from/here");
  }

  /** Events appended in batches and folded, each. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public List<AppendResult> batched() {
    var batch = new ArrayList<Visit>(BATCH);
    for (var i = 0; i < BATCH; i++) {
      batch.add(next());
    }
    return Objects.requireNonNull(depot)
        .appendAll(batch, AppendOptions.folded().ack(AppendAck.APPENDED));
  }

  /** One event, waiting until it is written and folded. */
  @Benchmark
  public AppendResult folded() {
    return Objects.requireNonNull(depot).append(next());
  }

  /** One event to bytes. */
  @Benchmark
  public byte[] encode() {
    return type.encode(visit, EventFormat.valueOf(format));
  }

  /** One event from bytes. */
  @Benchmark
  public Visit decode() {
    return type.decode(encoded, 0, encoded.length, EventFormat.valueOf(format));
  }
}
