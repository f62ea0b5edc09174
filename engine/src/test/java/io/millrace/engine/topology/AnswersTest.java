package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.AppendResult;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fold answers is answered to a duplicate as well, for as long as its key is known. */
class AnswersTest {
  record Order(String customer, long cents) {}

  record Receipt(long number, List<String> lines) {}

  static final class Shop implements EngineModule {
    @Override
    public void define(Definition def) {
      var orders = def.depot("orders", Order.class).partitionBy(Order::customer);
      var binary =
          def.depot("binary", Order.class).partitionBy(Order::customer).format(EventFormat.BINARY);
      var numbers = def.pstate("numbers", Schema.map(STRING, LONG));
      var sums = def.pstate("sums", Schema.map(LONG, LONG));
      def.values(List.of(Receipt.class));
      var numbering = def.stream("numbering");
      for (var depot : List.of(orders, binary)) {
        numbering
            .from(depot)
            .each((order, at) -> {
              var number = at.write(numbers).key(order.customer()).increment(1);
              at.ack(new Receipt(number, List.of("c=" + order.cents(), "\u20ac")));
            });
      }
      def.stream("sums")
          .from(orders)
          .hop(Order::cents)
          .each((order, at) -> {
            if (order.cents() == 13) {
              throw new IllegalStateException("thirteen \ud800");
            }
            var sum = at.write(sums).key(order.cents()).increment(order.cents());
            at.ack(Map.of("sum", sum));
          });
    }
  }

  private static AppendResult append(TestEngine engine, long cents, String key) {
    return engine.depot("orders").append(new Order("ann", cents), key);
  }

  private static void same(AppendResult again, AppendResult first) {
    assertThat(again.duplicate()).isTrue();
    assertThat(again.offset()).isEqualTo(first.offset());
    assertThat(again.status()).isEqualTo(first.status());
    assertThat(again.returns()).isEqualTo(first.returns());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1024})
  void aDuplicateIsAnsweredLikeTheFirst(int stagesPerRecord) {
    try (var engine = TestEngine.builder(new Shop()).stagesPerRecord(stagesPerRecord).start()) {
      var first = append(engine, 5, "a");
      assertThat(first.returns())
          .isEqualTo(
              Map.of(
                  "numbering",
                  new Receipt(1, List.of("c=5", "\u20ac")),
                  "sums",
                  Map.of("sum", 5L)));
      append(engine, 5, "b");
      same(append(engine, 5, "a"), first);
      engine.crash();
      same(append(engine, 5, "a"), first);
      engine.checkpoint();
      engine.restart();
      same(append(engine, 5, "a"), first);
      var binary = engine.depot("binary").append(new Order("bob", 1), "a");
      same(engine.depot("binary").append(new Order("bob", 1), "a"), binary);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void aDuplicateWaitsForWhatTheFirstStillWaitsFor() {
    try (var engine = TestEngine.builder(new Shop()).stagesPerRecord(1).start()) {
      var options = AppendOptions.folded().key("a");
      engine.depot("orders").append(new Order("ann", 5), options.ack(AppendAck.APPENDED));
      engine.crash();
      assertThat(append(engine, 5, "a").returns()).containsOnlyKeys("numbering", "sums");
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void aDuplicateOfAStoppedEventSaysSoAndAfterTheResumeIsAnswered() {
    try (var engine = TestEngine.start(new Shop())) {
      var failed = append(engine, 13, "bad");
      assertThat(failed.status()).isEqualTo(AppendResult.Status.STOPPED);
      var missed = append(engine, 7, "missed");
      assertThat(missed.status()).isEqualTo(AppendResult.Status.STOPPED);
      same(append(engine, 7, "missed"), missed);
      engine.crash();
      same(append(engine, 7, "missed"), missed);
      engine.topology("sums").skip();
      engine.housekeep();
      var answered = append(engine, 7, "missed");
      assertThat(answered.status()).isEqualTo(AppendResult.Status.FOLDED);
      assertThat(answered.returned("sums")).isEqualTo(Map.of("sum", 7L));
      assertThat(answered.returned("numbering")).isEqualTo(missed.returned("numbering"));
      engine.crash();
      same(append(engine, 7, "missed"), answered);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void keysAndEventsBeyondTheirLimitsAreRefusedBeforeAnythingIsAppended() {
    try (var engine = TestEngine.start(new Shop())) {
      var before = engine.engine().status().appended();
      for (var wrong : List.of("", "k".repeat(2049))) {
        assertThatThrownBy(() -> append(engine, 1, wrong))
            .isInstanceOf(InvalidEventException.class)
            .hasMessageContaining("an idempotency key has 1 to 2048 bytes");
      }
      assertThatThrownBy(() -> engine.depot("orders").append(new Order("x".repeat(65 << 20), 1)))
          .isInstanceOf(InvalidEventException.class)
          .hasMessageContaining("an event has at most");
      assertThat(engine.engine().status().appended()).isEqualTo(before);
      append(engine, 1, "k".repeat(2048));
      assertThat(engine.pstate("numbers").get(key("ann"))).isEqualTo(1L);
    }
  }
}
