package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.depot.Retention;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A depot that keeps ten events: of a node that runs, crashes, and stops a topology. */
class RetentionTest {
  record Click(long user, long number) {}

  static final class Clicks implements EngineModule {
    @Override
    public void define(Definition def) {
      var clicks =
          def.depot("clicks", Click.class).partitionBy(Click::user).retain(new Retention(0, 0, 10));
      var last = def.pstate("last", Schema.map(LONG, LONG));
      def.stream("last")
          .retries(0)
          .from(clicks)
          .each((event, at) -> at.write(last).key(event.user()).set(event.number()));
    }
  }

  private static List<Long> offsets(TestEngine engine, int partition) throws IOException {
    var offsets = new ArrayList<Long>();
    try (DepotReader reader = engine.engine().readDepot("clicks/clicks", partition, 0)) {
      for (DepotRecord record = reader.next(); record != null; record = reader.next()) {
        offsets.add(record.offset());
      }
    }
    return offsets;
  }

  private static void append(TestEngine engine, long user, int from, int to) {
    for (var number = from; number < to; number++) {
      engine.depot("clicks").append(new Click(user, number));
    }
  }

  private static void tidy(TestEngine engine) throws IOException {
    engine.checkpoint();
    engine.housekeep();
  }

  @Test
  void tenOfAThousandStayOverCrashesAndStarts() throws IOException {
    try (var engine = TestEngine.start(new Clicks())) {
      var partition = engine.depot("clicks").append(new Click(7, 0)).partition();
      append(engine, 7, 1, 1_000);
      tidy(engine);
      assertThat(offsets(engine, partition)).hasSizeBetween(10, 12).endsWith(998L, 999L);
      engine.crash();
      assertThat(offsets(engine, partition)).hasSizeBetween(10, 12).endsWith(998L, 999L);
      append(engine, 7, 1_000, 1_100);
      tidy(engine);
      assertThat(offsets(engine, partition)).hasSizeBetween(10, 12).endsWith(1_098L, 1_099L);
      assertThat(engine.pstate("last").get(key(7L))).isEqualTo(1_099L);
    }
  }

  @Test
  void whatAStoppedTopologyHasNotFoldedStaysUntilItHas() throws IOException {
    try (var engine = TestEngine.start(new Clicks())) {
      append(engine, 7, 0, 100);
      engine.failStages((topology, place, task) -> {
        throw new IllegalStateException("broken");
      });
      var failed = engine.depot("clicks").append(new Click(7, 100));
      append(engine, 7, 101, 400);
      engine.healStages();
      tidy(engine);
      engine.crash();
      tidy(engine);
      assertThat(offsets(engine, failed.partition())).contains(failed.offset(), 101L, 399L);
      engine.topology("last").resume();
      tidy(engine);
      tidy(engine);
      assertThat(engine.topology("last").stopped()).isEmpty();
      assertThat(engine.pstate("last").get(key(7L))).isEqualTo(399L);
      assertThat(offsets(engine, failed.partition())).hasSizeBetween(10, 12).endsWith(399L);
    }
  }
}
