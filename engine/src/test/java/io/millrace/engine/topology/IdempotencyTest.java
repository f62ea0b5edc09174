package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
  record Hit(String page) {}

  static final class Hits implements EngineModule {
    @Override
    public void define(Definition def) {
      var hits = def.depot("hits", Hit.class);
      var binary = def.depot("binary_hits", Hit.class).format(EventFormat.BINARY);
      var counts = def.pstate("counts", Schema.map(STRING, LONG));
      var stream = def.stream("count");
      stream.from(hits).groupBy(Hit::page).count(counts);
      stream.from(binary).groupBy(Hit::page).count(counts);
      def.depot("echo", Hit.class).topologyOnly();
    }
  }

  private static @Nullable Object count(TestEngine engine) {
    return engine.pstate("counts").get(key("a"));
  }

  @Test
  void aSecondAppendWithTheSameKeyAnswersTheFirstPlaceAndChangesNothing() {
    try (var engine = TestEngine.start(new Hits())) {
      var first = engine.depot("hits").append(new Hit("a"), "k1");
      engine.crash();
      var second = engine.depot("hits").append(new Hit("a"), "k1");
      assertThat(second.duplicate()).isTrue();
      assertThat(second.partition()).isEqualTo(first.partition());
      assertThat(second.offset()).isEqualTo(first.offset());
      assertThat(count(engine)).isEqualTo(1L);
      assertThat(engine.depot("hits").append(new Hit("a"), "k2").duplicate()).isFalse();
      assertThat(count(engine)).isEqualTo(2L);
      engine.restart();
      assertThat(engine.depot("hits").append(new Hit("a"), "k2").duplicate()).isTrue();
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void keysAreForgottenAfterSevenDaysAndTheirTableStaysBounded() {
    try (var engine = TestEngine.builder(new Hits()).tasks(1).start()) {
      for (var i = 0; i < 50; i++) {
        engine.depot("hits").append(new Hit("a"), "k" + i);
      }
      engine.clock().advance(Duration.ofDays(8).toMillis());
      assertThat(engine.depot("hits").append(new Hit("a"), "k0").duplicate()).isFalse();
      for (var i = 0; i < 50; i++) {
        engine.depot("hits").append(new Hit("a"), "n" + i);
      }
      assertThat(engine.depot("hits").append(new Hit("a"), "k0").duplicate()).isTrue();
      assertThat(count(engine)).isEqualTo(101L);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void jsonFromADoorIsCheckedBeforeAnythingIsAppended() {
    try (var engine = TestEngine.start(new Hits())) {
      for (var name : List.of("hits", "binary_hits")) {
        var depot = engine.depot(name);
        var good = "{\"page\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        var prepared = depot.prepareJson("hit", 1, good, 0, good.length, null);
        assertThat(prepared.event()).isEqualTo(new Hit("a"));
        var bad = "{\"page\":1}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> depot.prepareJson(null, 0, bad, 0, bad.length, null))
            .isInstanceOf(InvalidEventException.class)
            .hasMessage("field 'page' must be text, not 1");
        assertThatThrownBy(() -> depot.prepareJson("hit", 2, good, 0, good.length, null))
            .hasMessageContaining("knows version 1 of event type hit, not version 2");
        assertThatThrownBy(() -> depot.prepareJson("hut", 1, good, 0, good.length, null))
            .hasMessageContaining("has no event type 'hut'; it has hit");
      }
      assertThatThrownBy(() -> engine.depot("echo").append(new Hit("a")))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("takes appends of topologies only");
    }
  }

  @Test
  void batchesKeepTheirOrderAndTokensNameTheirPlaces() {
    try (var engine = TestEngine.builder(new Hits()).tasks(1).start()) {
      var results =
          engine
              .depot("binary_hits")
              .appendAll(
                  List.of(new Hit("a"), new Hit("b"), new Hit("a")),
                  AppendOptions.folded().ack(AppendAck.FOLDED));
      assertThat(results).extracting("offset").containsExactly(0L, 1L, 2L);
      assertThat(results.getLast().token().toString())
          .isEqualTo("mr1.hits/binary_hits." + engine.engine().status().epoch() + ".0:2");
      assertThat(count(engine)).isEqualTo(2L);
      assertThat(
              engine
                  .depot("binary_hits")
                  .appendAsync(new Hit("a"), AppendOptions.folded())
                  .join()
                  .offset())
          .isEqualTo(3);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }
}
