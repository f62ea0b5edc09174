package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.AppendResult;
import io.millrace.engine.path.Path;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.engine.testing.TestEngine;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Folds that read more state than the hot tier has room for. */
class TooLargeFoldTest {
  private static final long SMALL = 1 << 20;
  private static final long LARGE = 64 << 20;

  private static TestEngine start(AtomicLong memory) {
    return TestEngine.builder(new NotesModule())
        .tasks(1)
        .config(config -> config.withMemory(memory.get(), 1 << 20))
        .start();
  }

  private static void fill(TestEngine engine) {
    for (List<Object> batch : NotesModule.batches()) {
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
      assertThat(asks.append(new NotesModule.Ask(1)).offset()).isZero();
      var before = engine.digest();
      var appended = engine.engine().status().appended();
      assertThatThrownBy(() -> asks.append(new NotesModule.Ask(NotesModule.KEYS)))
          .isInstanceOf(ReadTooLargeException.class)
          .hasMessageContaining("hot-memory");
      assertThat(engine.engine().status().appended()).isEqualTo(appended);
      engine.housekeep();
      assertThat(engine.engine().status().appended()).isEqualTo(appended);
      assertThat(engine.digest()).isEqualTo(before);
      var next = asks.append(new NotesModule.Ask(10));
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
      assertThat(engine.depot("asks").append(new NotesModule.Ask(NotesModule.KEYS)).status())
          .isEqualTo(AppendResult.Status.FOLDED);
      var before = engine.digest();
      memory.set(SMALL);
      engine.crash();
      assertThat(engine.digest()).isEqualTo(before);
    }
  }
}
