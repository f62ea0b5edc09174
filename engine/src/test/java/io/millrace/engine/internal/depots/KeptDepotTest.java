package io.millrace.engine.internal.depots;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.internal.log.JournalSegment;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Depots of a whole engine: copied behind, so that checkpoints can delete the journal. */
class KeptDepotTest {
  record Hit(String page) {}

  static final class Hits implements EngineModule {
    @Override
    public void define(Definition def) {
      var hits = def.depot("hits", Hit.class).partitionBy(Hit::page);
      var counts = def.pstate("counts", Schema.map(STRING, LONG));
      def.stream("count").from(hits).groupBy(Hit::page).count(counts);
    }
  }

  @Test
  void checkpointsDeleteTheJournalBecauseTheDepotHasItsOwnCopy() throws IOException {
    var directory = new AtomicReference<java.nio.file.Path>();
    try (var engine =
        TestEngine.builder(new Hits())
            .tasks(2)
            .config(config -> {
              directory.set(config.directory());
              return config.withKeepJournal(false).withCheckpoints(2_000, 1 << 20, 60_000);
            })
            .start()) {
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 100; i++) {
          engine.depot("hits").append(new Hit("page " + i % 7));
        }
        engine.checkpoint();
        if (round == 2) {
          engine.crash();
        }
      }
      assertThat(oldest(directory.get().resolve("journal"))).isPositive();
      assertThat(bytes(directory.get().resolve("journal"), ".journal")).isLessThan(10_000);
      assertThat(bytes(directory.get().resolve("depots"), DepotPart.SUFFIX)).isGreaterThan(10_000);
      assertThat(engine.pstate("counts").get(Path.key("page 0"))).isEqualTo(75L);
      engine.restart();
      assertThat(engine.pstate("counts").get(Path.key("page 0"))).isEqualTo(75L);
    }
  }

  @Test
  void whatWasNotCopiedYetOfADepotStaysWhileItsModuleIsAway() throws IOException {
    try (var engine =
        TestEngine.builder(new Hits())
            .tasks(1)
            .config(c -> c.withKeepJournal(false).withCheckpoints(2_000, 1 << 20, 60_000))
            .start()) {
      for (int i = 0; i < 100; i++) {
        engine.depot("hits").append(new Hit("page " + i % 7));
      }
      engine.stop(false);
      engine.startWith();
      engine.checkpoint();
      engine.stop(false);
      engine.startWith(new Hits());
      assertThat(engine.pstate("counts").get(Path.key("page 0"))).isEqualTo(15L);
      int events = 0;
      try (DepotReader reader = engine.engine().readDepot("hits/hits", 0, 0)) {
        while (reader.next() != null) {
          events++;
        }
      }
      assertThat(events).isEqualTo(100);
    }
  }

  private static long oldest(java.nio.file.Path journal) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(journal)) {
      return files
          .mapToLong(file -> JournalSegment.positionOf(String.valueOf(file.getFileName())))
          .filter(position -> position >= 0)
          .min()
          .orElse(0);
    }
  }

  private static long bytes(java.nio.file.Path root, String suffix) throws IOException {
    long sum = 0;
    try (Stream<java.nio.file.Path> files = Files.walk(root)) {
      for (java.nio.file.Path file : files.toList()) {
        sum += file.toString().endsWith(suffix) ? Files.size(file) : 0;
      }
    }
    return sum;
  }
}
