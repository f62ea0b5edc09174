package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.ArrayList;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State larger than the hot tier: folds meet entries that are on disk only. */
class ColdFoldTest {
  private static final int KEYS = 3_000;
  private static final String PADDING = "x".repeat(400);

  record Note(long id, long other, String text) {}

  static final class Notes implements EngineModule {
    @Override
    public void define(Definition def) {
      var notes = def.depot("notes", Note.class).partitionBy(Note::id);
      var texts = def.pstate("texts", Schema.map(LONG, STRING));
      var counts = def.pstate("counts", Schema.map(LONG, LONG));
      var stream = def.stream("notes").from(notes);
      stream.write(texts, Note::id).set(Note::text);
      stream.groupBy(Note::other).count(counts);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16})
  void foldsOverColdEntriesAreTheSameAsFoldsInMemory(int limit) {
    var seed = Seeds.next();
    var random = new SplittableRandom(seed);
    try (var engine =
        TestEngine.builder(new Notes())
            .stagesPerRecord(limit)
            .config(config -> config.withMemory(1 << 20, 1 << 20))
            .start()) {
      for (var round = 0; round < 3; round++) {
        var batch = new ArrayList<Note>();
        for (var id = 0L; id < KEYS; id++) {
          var other = random.nextLong(KEYS);
          batch.add(new Note(id, other, round + PADDING));
          if (batch.size() == 200) {
            engine.depot("notes").appendAll(batch, AppendOptions.folded().ack(AppendAck.APPENDED));
            batch.clear();
            engine.housekeep();
          }
        }
        engine.checkpoint();
        if (round == 1) {
          engine.crash();
        }
      }
      engine.housekeep();
      var total =
          engine.pstate("counts").select(Path.mapVals()).stream()
              .mapToLong(value -> (Long) Objects.requireNonNull(value))
              .sum();
      assertThat(total).as("seed=%d", seed).isEqualTo(3L * KEYS);
      assertThat(engine.pstate("texts").get(Path.count())).isEqualTo((long) KEYS);
      assertThat(engine.pstate("texts").get(key(77L))).isEqualTo("2" + PADDING);
      assertThat(engine.refoldFromZero()).as("seed=%d", seed).isEqualTo(engine.digest());
    }
  }
}
