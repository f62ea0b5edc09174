package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import io.millrace.engine.topology.PStateClient.Found;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A read while others wait for the lock ends when it goes over too much; elsewhere it does not. */
class LargeReadsTest {
  private static final int ITEMS = 10_000;

  record Fill(long shelf, int count) {}

  static final class Shelves implements EngineModule {
    @Override
    public void define(Definition def) {
      var fills = def.depot("fills", Fill.class).partitionBy(Fill::shelf);
      var items = def.pstate("items", Schema.map(LONG, Schema.map(LONG, LONG).subindexed()));
      def.stream("fill")
          .from(fills)
          .each((fill, at) -> {
            for (var item = 0L; item < fill.count(); item++) {
              at.write(items).key(fill.shelf()).key(item).set(item);
            }
          });
    }
  }

  private static @Nullable Found readHeld(TestEngine engine, Path path) {
    var lane = engine.engine().lane(Runnable::run);
    var read = engine.pstate("items").prepare(path);
    var held = lane.hold();
    try {
      return read.read(held);
    } finally {
      lane.release();
    }
  }

  @Test
  void aReadOverManyElementsIsNotMadeWithTheLockHeld() {
    try (var engine = TestEngine.start(new Shelves())) {
      engine.depot("fills").append(new Fill(7, ITEMS));
      assertThat(readHeld(engine, key(7L).mapVals())).isNull();
      assertThat(engine.pstate("items").select(key(7L).mapVals())).hasSize(ITEMS);
      var one = new ArrayList<Object>();
      engine
          .pstate("items")
          .prepare(key(7L).mapVals())
          .readBlocking(value -> one.add(Objects.requireNonNull(value)));
      assertThat(one).hasSize(ITEMS).startsWith(0L, 1L, 2L);
    }
  }

  @Test
  void aReadOverFewIs() {
    try (var engine = TestEngine.start(new Shelves())) {
      engine.depot("fills").append(new Fill(7, ITEMS));
      assertThat(Objects.requireNonNull(readHeld(engine, key(7L).key(5L))).values())
          .containsExactly(5L);
      assertThat(Objects.requireNonNull(readHeld(engine, key(7L).count())).values())
          .containsExactly((long) ITEMS);
      assertThat(Objects.requireNonNull(readHeld(engine, key(8L).mapVals())).values()).isEmpty();
    }
  }
}
