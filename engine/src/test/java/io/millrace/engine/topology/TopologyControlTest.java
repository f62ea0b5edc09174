package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendResult;
import io.millrace.engine.depot.AppendResult.Status;
import io.millrace.engine.depot.FoldStoppedException;
import io.millrace.engine.health.HealthFact.Severity;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import io.millrace.engine.topology.TopologyException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopologyControlTest {
  record Paid(long account, long amount) {}

  static final class Bank implements EngineModule {
    @Override
    public void define(Definition def) {
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::account);
      var sums = def.pstate("sums", Schema.map(LONG, LONG));
      def.stream("balance")
          .retries(1)
          .from(paid)
          .each((event, at) -> {
            at.write(sums).key(event.account()).increment(event.amount());
            if (event.amount() == 13) {
              throw new IllegalArgumentException("thirteen");
            }
          });
    }
  }

  private static AppendResult pay(TestEngine engine, long account, long amount) {
    return engine.depot("paid").append(new Paid(account, amount));
  }

  private static @Nullable Object sum(TestEngine engine, long account) {
    return engine.pstate("sums").get(key(account));
  }

  private static TopologyControl control(TestEngine engine) {
    return engine.engine().control();
  }

  private static void refused(Reason reason, String text, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            TopologyException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(text);
  }

  @Test
  void anAppenderIsToldWhyItsEventIsNotFoldedWithTheStackOfTheCode() {
    try (var engine = TestEngine.start(new Bank())) {
      var result = pay(engine, 1, 13);
      assertThat(result.status()).isEqualTo(Status.STOPPED);
      assertThat(result.toString()).contains("IllegalArgumentException: thirteen");
      assertThatThrownBy(result::orThrow)
          .isInstanceOf(FoldStoppedException.class)
          .hasMessageContaining("bank/balance has stopped: IllegalArgumentException: thirteen at ")
          .hasMessageContaining("depot=paid partition=" + result.partition() + " offset=0")
          .hasStackTraceContaining("TopologyControlTest.java")
          .hasRootCauseMessage("thirteen");
      var behind = pay(engine, 1, 2);
      assertThatThrownBy(behind::orThrow).hasNoCause().hasMessageContaining("offset=0");
      assertThat(pay(engine, 2, 2).orThrow().status()).isEqualTo(Status.FOLDED);
    }
  }

  @Test
  void aSkipSaysWhichDeadLetterAndWhatIsCaughtUpWith() {
    try (var engine = TestEngine.start(new Bank())) {
      var failed = pay(engine, 1, 13);
      pay(engine, 1, 2);
      pay(engine, 1, 3);
      var at = Which.at("paid", failed.partition());
      var ended = control(engine).end("balance", at, Decision.SKIP).getFirst();
      assertThat(ended.offset()).isZero();
      assertThat(ended.skipped()).isTrue();
      assertThat(ended.catchUpFrom()).isEqualTo(1);
      assertThat(ended.catchUpTo()).isEqualTo(3);
      assertThat(ended.again()).isNull();
      assertThat(engine.topology("balance").deadLetters().getFirst().id())
          .isEqualTo(ended.deadLetter());
      assertThat(ended.text()).contains("dead_letter=" + ended.deadLetter());
      engine.housekeep();
      assertThat(sum(engine, 1)).isEqualTo(5L);
      assertThat(control(engine).standingsNow().getFirst().status()).isEqualTo("RUNNING");
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void aResumeThatFailsAgainSaysSo() {
    try (var engine = TestEngine.start(new Bank())) {
      pay(engine, 1, 13);
      var ended = control(engine).end("bank/balance", Which.ALL, Decision.RESUME).getFirst();
      assertThat(ended.again()).isNotNull();
      assertThat(ended.text()).contains("; but stopped again: ").contains("thirteen");
      assertThat(control(engine).standingsNow().getFirst().stopped()).isEqualTo(1);
    }
  }

  @Test
  void aSecondTryWithTheOffsetDoesNotGiveUpASecondEvent() {
    try (var engine = TestEngine.start(new Bank())) {
      var failed = pay(engine, 1, 13);
      pay(engine, 1, 13);
      var first = new Which("paid", failed.partition(), 0);
      assertThat(control(engine).end("balance", first, Decision.SKIP)).hasSize(1);
      engine.housekeep();
      refused(
          Reason.OTHER_OFFSET,
          "it has stopped at: depot=paid partition=" + failed.partition() + " offset=1",
          () -> control(engine).end("balance", first, Decision.SKIP));
    }
  }

  @Test
  void whatIsNotThereIsRefusedWithWhatThereIs() {
    try (var engine = TestEngine.start(new Bank())) {
      var control = control(engine);
      refused(
          Reason.UNKNOWN_TOPOLOGY,
          "there are bank/balance",
          () -> control.end("bank/balances", Which.ALL, Decision.RESUME));
      refused(
          Reason.UNKNOWN_DEPOT,
          "it reads paid",
          () -> control.end("balance", Which.at("pay", 0), Decision.RESUME));
      refused(
          Reason.NO_PARTITION,
          "partitions 0 to 3",
          () -> control.end("balance", Which.at("paid", 4), Decision.RESUME));
      refused(
          Reason.NOT_STOPPED,
          "it has stopped nowhere",
          () -> control.end("balance", Which.ALL, Decision.RESUME));
      var failed = pay(engine, 1, 13);
      refused(
          Reason.NOT_NAMED,
          "it has stopped at: depot=paid partition=" + failed.partition() + " offset=0",
          () -> control.end("balance", Which.ALL, Decision.SKIP));
      refused(
          Reason.NOT_STOPPED,
          "it has stopped at: depot=paid partition=" + failed.partition(),
          () -> control.end("balance", Which.at("paid", 3 - failed.partition()), Decision.RESUME));
    }
  }

  @Test
  void healthTellsStopsWithoutWaitingForTheLock() throws Exception {
    try (var engine = TestEngine.start(new Bank())) {
      pay(engine, 1, 13);
      pay(engine, 1, 1);
      var facts = engine.engine().health().all();
      assertThat(facts)
          .anySatisfy(fact -> {
            assertThat(fact.name()).isEqualTo("topologies_stopped");
            assertThat(fact.severity()).isEqualTo(Severity.WARNING);
            assertThat(fact.value()).isEqualTo(1);
            assertThat(fact.text()).contains("bank/balance at depot=paid");
          })
          .anySatisfy(fact -> {
            assertThat(fact.name()).isEqualTo("topologies_lag");
            assertThat(fact.value()).isEqualTo(2);
          });
      var lane = engine.engine().lane(Runnable::run);
      lane.hold();
      try {
        var told =
            CompletableFuture.supplyAsync(() -> {
              var last = engine.engine().health().all();
              for (var look = 0; look < 100; look++) {
                last = engine.engine().health().all();
              }
              return last;
            });
        assertThat(told.get(30, TimeUnit.SECONDS)).hasSameSizeAs(facts);
      } finally {
        lane.release();
      }
    }
  }
}
