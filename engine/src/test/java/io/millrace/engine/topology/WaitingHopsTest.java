package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendResult.Status;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WaitingHopsTest {
  record Fan(long id, int width) {}

  record Leaf(long number, long from) {}

  static final class FanOut implements EngineModule {
    @Override
    public void define(Definition def) {
      var fans = def.depot("fans", Fan.class).partitionBy(Fan::id);
      var hits = def.pstate("hits", Schema.map(LONG, Schema.list(LONG)));
      def.stream("fan")
          .from(fans)
          .explode(fan ->
              LongStream.range(0, fan.width()).mapToObj(leaf -> new Leaf(leaf, fan.id())).toList())
          .hop(Leaf::number)
          .each((leaf, at) -> at.write(hits).key(leaf.number()).add(leaf.from()));
    }
  }

  private static TestEngine start(int limit) {
    return TestEngine.builder(new FanOut()).stagesPerRecord(limit).start();
  }

  private static long hits(TestEngine engine) {
    return engine.pstate("hits").select(Path.mapVals()).stream()
        .mapToLong(list -> ((List<?>) Objects.requireNonNull(list)).size())
        .sum();
  }

  @Test
  void whatExceedsTheLimitWaitsAndSurvivesACrash() {
    try (var engine = start(10)) {
      engine.depot("fans").append(new Fan(1, 100), AppendAck.APPENDED);
      assertThat(hits(engine)).isEqualTo(9);
      assertThat(engine.counters().waited()).isEqualTo(91);
      var before = engine.digest();
      engine.crash();
      assertThat(engine.digest()).isEqualTo(before);
      engine.checkpoint();
      engine.crash();
      assertThat(engine.digest()).isEqualTo(before);
      engine.depot("fans").append(new Fan(2, 0), AppendAck.APPENDED);
      assertThat(hits(engine)).isEqualTo(19);
      engine.housekeep();
      assertThat(hits(engine)).isEqualTo(100);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void anAppenderThatWaitsForTheFoldWaitsForItsLastHop() {
    try (var engine = start(10)) {
      var result = engine.depot("fans").append(new Fan(1, 100));
      assertThat(result.status()).isEqualTo(Status.FOLDED);
      assertThat(hits(engine)).isEqualTo(100);
    }
  }

  @Test
  void hopsThatWaitKeepTheOrderBetweenTwoTasks() {
    try (var engine = start(3)) {
      for (var id = 0L; id < 20; id++) {
        engine.depot("fans").append(new Fan(id * 4, 7), AppendAck.APPENDED);
      }
      engine.housekeep();
      assertThat(hits(engine)).isEqualTo(140);
      for (var leaf = 0L; leaf < 7; leaf++) {
        var order = engine.pstate("hits").select(key(leaf).all());
        assertThat(order).isSorted().hasSize(20);
      }
    }
  }

  @Test
  void aValueThatCannotWaitIsRefusedAtItsFirstHop() {
    EngineModule module =
        new EngineModule() {
          @Override
          public String name() {
            return "odd";
          }

          @Override
          public void define(Definition def) {
            var fans = def.depot("fans", Fan.class).partitionBy(Fan::id);
            def.stream("odd")
                .from(fans)
                .map(fan -> new Object())
                .hop(Object::hashCode)
                .each((value, at) -> {});
          }
        };
    try (var engine = TestEngine.start(module)) {
      assertThat(engine.depot("fans").append(new Fan(1, 1)).status()).isEqualTo(Status.STOPPED);
      assertThat(engine.topology("odd").stopped().getFirst().error())
          .contains("a java.lang.Object cannot travel over a hop");
    }
  }

  @Test
  void aWriteOnTheWrongTaskStopsWithARoutingErrorInsteadOfMisplacingData() {
    EngineModule module =
        new EngineModule() {
          @Override
          public String name() {
            return "wrong";
          }

          @Override
          public void define(Definition def) {
            var fans = def.depot("fans", Fan.class).partitionBy(Fan::id);
            var byWidth = def.pstate("by_width", Schema.map(LONG, LONG));
            def.stream("wrong")
                .retries(0)
                .from(fans)
                .each((fan, at) -> at.write(byWidth).key((long) fan.width()).set(fan.id()));
          }
        };
    try (var engine = TestEngine.builder(module).tasks(64).start()) {
      assertThat(engine.depot("fans").append(new Fan(1, 2)).status()).isEqualTo(Status.STOPPED);
      assertThat(engine.topology("wrong").stopped().getFirst().error())
          .startsWith("RoutingException: pstate=wrong/by_width key=2 lives on task ")
          .endsWith("; hop to the key first");
      assertThat(engine.pstate("by_width").get(Path.count())).isEqualTo(0L);
      assertThatThrownBy(() -> engine.pstate("nothing"))
          .hasMessageContaining("there is no pstate 'nothing'; there are wrong/by_width");
    }
  }
}
