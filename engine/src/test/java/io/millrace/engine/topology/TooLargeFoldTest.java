package io.millrace.engine.topology;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.AppendResult;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.engine.testing.TestEngine;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Folds that read more state than the hot tier has room for. */
class TooLargeFoldTest {
  private static final long SMALL = 1 << 20;
  private static final long LARGE = 64 << 20;
  private static final long KEYS = 6_000;

  record Note(long id, String text) {}

  record Ask(long keys) {}

  static final class Notes implements EngineModule {
    @Override
    public void define(Definition def) {
      var notes = def.depot("notes", Note.class).partitionBy(Note::id);
      var asks = def.depot("asks", Ask.class).partitionBy(Ask::keys);
      var texts = def.pstate("texts", Schema.map(LONG, STRING));
      var found = def.pstate("found", Schema.map(LONG, LONG));
      def.stream("notes").from(notes).write(texts, Note::id).set(Note::text);
      def.stream("asking")
          .from(asks)
          .each((ask, at) -> {
            var characters = 0L;
            for (var id = 0L; id < ask.keys(); id++) {
              String text = at.read(texts).key(id).get();
              characters += text == null ? 0 : text.length();
            }
            at.write(found).key(ask.keys()).set(characters);
          });
    }
  }

  private static TestEngine start(AtomicLong memory) {
    return TestEngine.builder(new Notes())
        .tasks(1)
        .config(config -> config.withMemory(memory.get(), 1 << 20))
        .start();
  }

  private static void fill(TestEngine engine) {
    var text = "x".repeat(400);
    for (var from = 0L; from < KEYS; from += 200) {
      List<Object> batch =
          LongStream.range(from, from + 200).<Object>mapToObj(id -> new Note(id, text)).toList();
      engine.depot("notes").appendAll(batch, AppendOptions.folded().ack(AppendAck.APPENDED));
      engine.housekeep();
    }
    engine.checkpoint();
  }

  @Test
  void theAppenderIsToldAndNothingIsAppendedAndTheTopologyGoesOn() {
    var memory = new AtomicLong(LARGE);
    try (var engine = start(memory)) {
      fill(engine);
      memory.set(SMALL);
      engine.restart();
      var asks = engine.depot("asks");
      assertThat(asks.append(new Ask(1)).offset()).isZero();
      var before = engine.digest();
      var appended = engine.engine().status().appended();
      assertThatThrownBy(() -> asks.append(new Ask(KEYS)))
          .isInstanceOf(ReadTooLargeException.class)
          .hasMessageContaining("hot-memory");
      assertThat(engine.engine().status().appended()).isEqualTo(appended);
      engine.housekeep();
      assertThat(engine.engine().status().appended()).isEqualTo(appended);
      assertThat(engine.digest()).isEqualTo(before);
      var next = asks.append(new Ask(10));
      assertThat(next.status()).isEqualTo(AppendResult.Status.FOLDED);
      assertThat(next.offset()).isOne();
      assertThat(engine.pstate("found").select(Path.mapKeys())).containsExactly(1L, 10L);
    }
  }

  @Test
  void whatWasFoldedWithMoreMemoryIsFoldedAgainWithLess() {
    var memory = new AtomicLong(LARGE);
    try (var engine = start(memory)) {
      fill(engine);
      assertThat(engine.depot("asks").append(new Ask(KEYS)).status())
          .isEqualTo(AppendResult.Status.FOLDED);
      var before = engine.digest();
      memory.set(SMALL);
      engine.crash();
      assertThat(engine.digest()).isEqualTo(before);
    }
  }
}
