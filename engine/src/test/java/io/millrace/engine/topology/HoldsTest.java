package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.EngineConfig.Folds;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.AppendResult.Status;
import io.millrace.engine.testing.TestEngine;
import io.millrace.engine.topology.GreedyModule.Greed;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One event cannot hold the node: what it takes too much of stops its topology, and only that. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HoldsTest {
  private static final long MOST_EVENTS = 5_000;
  private static final Folds GREEDY_LIMITS = new Folds(MOST_EVENTS, 200, 16L << 30);

  private static TestEngine start() {
    return start(GREEDY_LIMITS);
  }

  private static TestEngine start(Folds folds) {
    return TestEngine.builder(new GreedyModule()).config(c -> c.withFolds(folds)).start();
  }

  private static TestEngine startWithThreads(Folds folds) {
    return TestEngine.builder(new GreedyModule())
        .config(c -> c.withFolds(folds).withBackground(true))
        .start();
  }

  private static @Nullable Object count(TestEngine engine, String pstate, String owner) {
    return engine.pstate(pstate).get(key(owner));
  }

  @ParameterizedTest
  @CsvSource({
    "reads,0,fold-max-time-ms",
    "writes,0,fold-max-time-ms",
    "caught,0,fold-max-time-ms",
    "sleeps,0,fold-max-time-ms",
    "appends,1000000,fold-max-events",
    "careless,20000,fold-max-events",
    "children,1000000,fold-max-events",
    "itself,0,fold-max-events",
    "array,0,OutOfMemoryError",
    "hoards,0,fold-max-memory",
    "deep,0,StackOverflowError",
  })
  void whatTakesTooMuchStopsItsTopologyWithAMessage(String kind, int many, String message) {
    var hoards = kind.equals("hoards");
    try (var engine = start(hoards ? new Folds(MOST_EVENTS, 60_000, 64 << 20) : GREEDY_LIMITS)) {
      engine.depot("greed").append(new Greed("a", "nothing", 0));
      engine.depot("greed").append(new Greed("a", kind, many));
      engine.housekeep();

      assertThat(engine.topology("greedy").stopped())
          .singleElement()
          .satisfies(stop -> {
            assertThat(stop.error()).contains(message);
            assertThat(stop.place()).contains(".java:");
          });
      assertThat(engine.topology("modest").stopped()).isEmpty();
      var folded = count(engine, "seen", "a");
      var before = count(engine, "done", "a");
      assertThat(engine.depot("greed").append(new Greed("a", kind, many)).status())
          .isEqualTo(Status.STOPPED);
      assertThat(count(engine, "done", "a")).isEqualTo(before);
      assertThat(count(engine, "seen", "a")).isEqualTo((Long) folded + 1);
      assertThat(engine.depot("greed").append(new Greed(elsewhere(engine), "nothing", 0)).status())
          .isEqualTo(Status.FOLDED);

      var live = engine.digest();
      assertThat(engine.refoldFromZero()).isEqualTo(live);
      engine.crash();
      assertThat(engine.digest()).isEqualTo(live);
      assertThat(engine.topology("greedy").stopped()).hasSize(1);
      engine.checkpoint();
      engine.crash();
      assertThat(engine.digest()).isEqualTo(live);
      engine.topology("greedy").skip();
      engine.housekeep();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  private static String elsewhere(TestEngine engine) {
    var here = engine.depot("greed").prepare(new Greed("a", "", 0), null).partition();
    for (var i = 0; ; i++) {
      if (engine.depot("greed").prepare(new Greed("o" + i, "", 0), null).partition() != here) {
        return "o" + i;
      }
    }
  }

  @Test
  void aChainOfEventsIsFoldedInManyHoldsAndWhoWaitsForItWaits() {
    try (var engine = startWithThreads(new Folds(MOST_EVENTS, 60_000, 16L << 30))) {
      var result = engine.depot("greed").append(new Greed("a", "chain", 3_000));
      assertThat(result.status()).isEqualTo(Status.FOLDED);
      assertThat(count(engine, "done", "a")).isEqualTo(3_001L);
      assertThat(engine.topology("greedy").stopped()).isEmpty();
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void whatWaitsToBeAppendedSurvivesKillsAndCuts() {
    try (var engine = startWithThreads(new Folds(MOST_EVENTS, 60_000, 16L << 30))) {
      var appended = AppendOptions.folded().ack(AppendAck.APPENDED);
      engine.depot("greed").append(new Greed("a", "appends", 4_000), appended);
      engine.checkpoint();
      engine.crash();
      engine.checkpoint();
      engine.depot("greed").append(new Greed("b", "appends", 4_000), appended);
      engine.crash();
      engine.housekeep();
      assertThat(count(engine, "done", "a")).isEqualTo(4_001L);
      assertThat(count(engine, "done", "b")).isEqualTo(4_001L);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void anEventThatAppendsItselfDoesNotKeepARestartFromServing() {
    try (var engine = startWithThreads(new Folds(Long.MAX_VALUE, 60_000, 16L << 30))) {
      var appended = AppendOptions.folded().ack(AppendAck.APPENDED);
      engine.depot("greed").append(new Greed("a", "itself", 0), appended);
      var start = System.nanoTime();
      engine.crash();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(engine.depot("greed").append(new Greed("b", "nothing", 0), appended).status())
          .isEqualTo(Status.APPENDED);
    }
  }

  @Test
  void aRecordOfSlowStagesLeavesTheRestToLaterOnes() {
    try (var engine = startWithThreads(GREEDY_LIMITS)) {
      for (var i = 0; i < 3; i++) {
        engine.depot("greed").append(new Greed("a", "slow", 60));
      }
      assertThat(count(engine, "done", "a")).isEqualTo(3L);
      assertThat(engine.counters().waited()).isPositive();
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
      engine.crash();
      assertThat(count(engine, "seen", "a")).isEqualTo(3L);
    }
  }

  @Test
  void anInterruptOfSomebodyElseIsKeptForHim() {
    try (var engine = start()) {
      Thread.currentThread().interrupt();
      engine
          .depot("greed")
          .append(new Greed("a", "nothing", 0), AppendOptions.folded().ack(AppendAck.NONE));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(count(engine, "done", "a")).isEqualTo(1L);
    }
  }

  @ParameterizedTest
  @CsvSource({"stuck,false", "gets stuck,true"})
  void onlyWhatComesAgainIsMarkedForTheNextStartAndOnlyUntilItEnds(String kind, boolean marked)
      throws InterruptedException {
    var directory = new AtomicReference<>(Path.of("."));
    try (var engine =
        TestEngine.builder(new GreedyModule())
            .config(c -> {
              directory.set(c.directory());
              return c.withFolds(GREEDY_LIMITS).withBackground(true);
            })
            .start()) {
      var marks = directory.get().resolve("held-folds");
      GreedyModule.LET_GO.set(false);
      var sender =
          Thread.ofPlatform().start(() -> engine.depot("greed").append(new Greed("a", kind, 0)));
      try {
        Awaitility.await().until(() -> engine.engine().isHeld());
        assertThat(Files.exists(marks)).isEqualTo(marked);
      } finally {
        GreedyModule.LET_GO.set(true);
      }
      sender.join();
      assertThat(engine.topology("greedy").stopped()).hasSize(1);
      Awaitility.await().until(() -> !engine.engine().isHeld());
      assertThat(marks).doesNotExist();
    }
  }

  @Test
  void aResumeFromADoorMeetsTheSameLimits() {
    try (var engine = start(new Folds(MOST_EVENTS, 60_000, 64 << 20))) {
      engine.depot("greed").append(new Greed("a", "hoards", 0));
      var ended = engine.engine().control().endAsync("greedy", Which.ALL, Decision.RESUME).join();
      assertThat(ended)
          .singleElement()
          .satisfies(one -> {
            assertThat(one.again()).isNotNull();
            assertThat(one.text()).contains("fold-max-memory");
          });
    }
  }
}
