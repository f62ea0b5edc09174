package io.millrace.engine.topology;

import static io.millrace.engine.pstate.Scalar.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.Token;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.depot.TokenException.Reason;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenWaitTest {
  private static final long LONG_ENOUGH = TimeUnit.SECONDS.toNanos(60);

  record Fan(long id, int width) {}

  record Leaf(long number, long from) {}

  /** Fans spread to leaves by a depot of their own, and leaves hop once more. */
  static final class Chain implements EngineModule {
    @Override
    public void define(Definition def) {
      var fans = def.depot("fans", Fan.class).partitionBy(Fan::id);
      var leaves = def.depot("leaves", Leaf.class).partitionBy(Leaf::number);
      var hits = def.pstate("hits", Schema.map(LONG, Schema.list(LONG)));
      def.stream("spread")
          .from(fans)
          .explode(
              fan -> LongStream.range(0, fan.width()).mapToObj(n -> new Leaf(n, fan.id())).toList())
          .hop(Leaf::number)
          .each((leaf, at) -> at.append(leaves, leaf));
      def.stream("collect")
          .from(leaves)
          .map(leaf -> new Leaf(leaf.number() + 1, leaf.from()))
          .hop(Leaf::number)
          .each((leaf, at) -> at.write(hits).key(leaf.number()).add(leaf.from()));
    }
  }

  private static TestEngine start() {
    return TestEngine.builder(new Chain()).stagesPerRecord(2).start();
  }

  private static long hits(TestEngine engine) {
    return engine.pstate("hits").select(Path.mapVals()).stream()
        .mapToLong(list -> ((List<?>) Objects.requireNonNull(list)).size())
        .sum();
  }

  private static String append(TestEngine engine, long id, int width) {
    return engine.depot("fans").append(new Fan(id, width), AppendAck.APPENDED).token().toString();
  }

  private static Reason refused(TestEngine engine, String token) {
    try {
      engine.engine().waitFor(token).await(LONG_ENOUGH, () -> {});
    } catch (TokenException e) {
      return e.reason();
    }
    throw new AssertionError("it was there: " + token);
  }

  @Test
  void aTokenIsSeenOnceItsHopsAndWhatTheyAppendedAreFolded() {
    try (var engine = start()) {
      var token = append(engine, 1, 60);
      assertThat(hits(engine)).isLessThan(60);
      var position = engine.engine().waitFor(token).await(LONG_ENOUGH, () -> {});
      assertThat(hits(engine)).isEqualTo(60);
      try (var snapshot = engine.engine().snapshot(position)) {
        assertThat(snapshot.position()).isGreaterThanOrEqualTo(position);
      }
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void aWaitEndsWhenTheTimeIsUpOrNobodyWantsItAnyMore() {
    try (var engine = start()) {
      var token = append(engine, 1, 60);
      assertThatThrownBy(() -> engine.engine().waitFor(token).await(0, () -> {}))
          .isInstanceOf(TokenException.class)
          .hasMessageContaining("not folded in time")
          .extracting(e -> ((TokenException) e).reason())
          .isEqualTo(Reason.TIMEOUT);
      assertThatThrownBy(() ->
              engine
                  .engine()
                  .waitFor(token)
                  .await(
                      LONG_ENOUGH,
                      () -> {
                        throw new IllegalStateException("enough");
                      }))
          .hasMessage("enough");
    }
  }

  @Test
  void aTokenOfAnEventThatIsNotHereIsLost() {
    try (var engine = start()) {
      var token = Token.parse(append(engine, 1, 1));
      var partition = token.offsets().keySet().iterator().next();
      var beyond = Token.of(token.depot(), token.epoch(), partition, 99);
      assertThat(refused(engine, beyond.toString())).isEqualTo(Reason.LOST);
      var future = Token.of(token.depot(), token.epoch() + 1, partition, 0);
      assertThat(refused(engine, future.toString())).isEqualTo(Reason.LOST);

      engine.crash();
      assertThat(engine.engine().waitFor(token.toString()).await(LONG_ENOUGH, () -> {}))
          .isPositive();
      append(engine, 1, 1);
      var neverWas = Token.of(token.depot(), token.epoch(), partition, 1);
      assertThat(refused(engine, neverWas.toString())).isEqualTo(Reason.LOST);
    }
  }

  @Test
  void aTopologyThatHasStoppedBeforeTheTokenIsSaid() {
    try (var engine = start()) {
      engine.failStages((topology, place, task) -> {
        if (topology.equals("spread")) {
          throw new IllegalStateException("broken");
        }
      });
      var token = append(engine, 1, 1);
      engine.healStages();
      assertThat(refused(engine, token)).isEqualTo(Reason.STOPPED);
      engine.topology("spread").resume();
      engine.engine().waitFor(token).await(LONG_ENOUGH, () -> {});
      assertThat(hits(engine)).isEqualTo(1);
    }
  }

  @Test
  void whatIsNoTokenIsRefused() {
    try (var engine = start()) {
      for (var text : List.of("", "mr1", "mr1.other/depot.1.0:0", "mr1.chain/fans.1.9999:0")) {
        assertThat(refused(engine, text)).as(text).isEqualTo(Reason.INVALID);
      }
    }
  }
}
