package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendResult.Status;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.engine.testing.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StopAndResumeTest {
  record Seen(long user, String page) {}

  static final class Visits implements EngineModule {
    @Override
    public void define(Definition def) {
      var seen = def.depot("seen", Seen.class).partitionBy(Seen::user);
      var byUser = def.pstate("by_user", Schema.map(LONG, LONG));
      var byPage = def.pstate("by_page", Schema.map(STRING, LONG));
      var other = def.pstate("other", Schema.map(LONG, LONG));
      def.stream("pages")
          .retries(2)
          .from(seen)
          .groupBy(Seen::user)
          .count(byUser)
          .map((counted, at) -> new Keyed<>("p" + counted.key() % 3, counted.present()))
          .hop(Keyed::key)
          .each((page, at) -> {
            at.write(byPage).key(page.key()).increment(1);
            if (page.key().equals("p1") && page.present() == 13) {
              throw new IllegalStateException("thirteen is not welcome");
            }
          });
      def.stream("users").from(seen).groupBy(Seen::user).count(other);
    }
  }

  private static TestEngine start() {
    return TestEngine.start(new Visits());
  }

  private static @Nullable Object count(TestEngine engine, String pstate, Object key) {
    return engine.pstate(pstate).get(key(key));
  }

  @Test
  void aTransientFailureIsRetriedWithoutATrace() {
    try (var engine = start()) {
      var attempts = new AtomicInteger();
      engine.failStages((topology, place, task) -> {
        if (topology.equals("pages") && attempts.incrementAndGet() % 3 != 0) {
          throw new IllegalStateException("injected");
        }
      });
      for (var i = 0; i < 20; i++) {
        assertThat(engine.depot("seen").append(new Seen(i, "x")).status()).isEqualTo(Status.FOLDED);
      }
      engine.healStages();
      assertThat(engine.counters().failures()).isEqualTo(80);
      assertThat(engine.pstate("by_page").select(Path.mapVals()))
          .containsExactlyInAnyOrder(7L, 7L, 6L);
      var live = engine.digest();
      assertThat(engine.refoldFromZero()).isEqualTo(live);
      engine.crash();
      assertThat(engine.digest()).isEqualTo(live);
    }
  }

  @Test
  void whenRetriesAreUsedUpOnlyThatTopologyStopsAndOnlyForThatPartition() {
    try (var engine = start()) {
      engine.failStages((topology, place, task) -> {
        if (topology.equals("pages") && place.startsWith("hop")) {
          throw new IllegalStateException("the page store is broken");
        }
      });
      var first = engine.depot("seen").append(new Seen(1, "x"));
      assertThat(first.status()).isEqualTo(Status.STOPPED);
      assertThat(first.stopped()).containsExactly("pages");
      engine.healStages();

      assertThat(engine.depot("seen").append(new Seen(1, "x")).status()).isEqualTo(Status.STOPPED);
      assertThat(count(engine, "by_user", 1L)).isEqualTo(1L);
      assertThat(count(engine, "other", 1L)).isEqualTo(2L);
      var elsewhere = otherPartition(engine, first.partition());
      assertThat(engine.depot("seen").append(new Seen(elsewhere, "x")).status())
          .isEqualTo(Status.FOLDED);

      var stopped = engine.topology("pages").stopped();
      assertThat(stopped).hasSize(1);
      assertThat(stopped.getFirst().offset()).isEqualTo(first.offset());
      assertThat(stopped.getFirst().attempts()).isEqualTo(3);
      assertThat(stopped.getFirst().error())
          .isEqualTo("IllegalStateException: the page store is broken");
      assertThat(engine.topology("users").stopped()).isEmpty();
    }
  }

  private static long otherPartition(TestEngine engine, int partition) {
    for (var user = 100L; ; user++) {
      var prepared = engine.depot("seen").prepare(new Seen(user, "x"), null);
      if (prepared.partition() != partition) {
        return user;
      }
    }
  }

  @Test
  void theStopSurvivesRestartAndCrashAndIsThePartOfTheJournalThatReplayObeys() {
    try (var engine = start()) {
      engine.failStages((topology, place, task) -> {
        if (topology.equals("pages") && place.startsWith("hop")) {
          throw new IllegalStateException("planted");
        }
      });
      engine.depot("seen").append(new Seen(1, "x"));
      engine.healStages();
      engine.depot("seen").append(new Seen(1, "y"));
      var live = engine.digest();
      // Nothing fails any more, yet the refold must stop where the live engine stopped.
      assertThat(engine.refoldFromZero()).isEqualTo(live);
      engine.crash();
      assertThat(engine.digest()).isEqualTo(live);
      assertThat(engine.topology("pages").stopped()).hasSize(1);
      engine.restart();
      assertThat(engine.digest()).isEqualTo(live);
      assertThat(engine.topology("pages").stopped()).hasSize(1);
      assertThat(count(engine, "by_page", "p1")).isNull();
    }
  }

  @Test
  void resumeRunsTheFailedStageAndThenWhatWasMissed() {
    try (var engine = start()) {
      engine.failStages((topology, place, task) -> {
        if (topology.equals("pages") && place.startsWith("hop")) {
          throw new IllegalStateException("planted");
        }
      });
      engine.depot("seen").append(new Seen(1, "x"));
      engine.healStages();
      for (var i = 0; i < 10; i++) {
        engine.depot("seen").append(new Seen(1, "x"));
      }
      assertThat(count(engine, "by_user", 1L)).isEqualTo(1L);
      engine.crash();
      engine.topology("pages").resume();
      engine.housekeep();
      assertThat(engine.topology("pages").stopped()).isEmpty();
      assertThat(count(engine, "by_user", 1L)).isEqualTo(11L);
      assertThat(count(engine, "by_page", "p1")).isEqualTo(11L);
      assertThat(engine.depot("seen").append(new Seen(1, "x")).status()).isEqualTo(Status.FOLDED);
      assertThat(count(engine, "by_page", "p1")).isEqualTo(12L);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  @Test
  void aFailedStageLeavesNothingBehindAndCanBeSkippedAsADeadLetter() {
    try (var engine = start()) {
      for (var i = 0; i < 12; i++) {
        engine.depot("seen").append(new Seen(1, "x"));
      }
      assertThat(engine.depot("seen").append(new Seen(1, "x")).status()).isEqualTo(Status.STOPPED);
      assertThat(count(engine, "by_user", 1L)).isEqualTo(13L);
      assertThat(count(engine, "by_page", "p1")).isEqualTo(12L);
      engine.depot("seen").append(new Seen(1, "x"));

      engine.topology("pages").resume();
      engine.housekeep();
      assertThat(engine.topology("pages").stopped()).hasSize(1);
      assertThat(count(engine, "by_page", "p1")).isEqualTo(12L);

      engine.topology("pages").skip();
      engine.housekeep();
      assertThat(engine.topology("pages").stopped()).isEmpty();
      assertThat(count(engine, "by_page", "p1")).isEqualTo(13L);
      assertThat(engine.topology("pages").deadLetters())
          .singleElement()
          .satisfies(letter -> {
            assertThat(letter.offset()).isEqualTo(12);
            assertThat(letter.error()).contains("thirteen is not welcome");
            assertThat(letter.value()).isEqualTo(new Keyed<>("p1", 13L));
            assertThat(letter.place()).startsWith("each (StopAndResumeTest.java:");
          });
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
      engine.restart();
      assertThat(engine.topology("pages").deadLetters()).hasSize(1);
    }
  }

  @Test
  void eventsAppendedWhileCatchingUpAreFoldedAfterTheMissedOnes() {
    try (var engine = start()) {
      engine.failStages((topology, place, task) -> {
        if (topology.equals("pages") && place.startsWith("hop")) {
          throw new IllegalStateException("planted");
        }
      });
      engine.depot("seen").append(new Seen(1, "x"));
      engine.healStages();
      engine.depot("seen").append(new Seen(1, "x"));
      engine.topology("pages").resume();
      assertThat(engine.topology("pages").stopped().getFirst().catchingUp()).isTrue();
      assertThat(engine.depot("seen").append(new Seen(1, "x")).status()).isEqualTo(Status.STOPPED);
      var before = engine.digest();
      engine.crash();
      assertThat(engine.digest()).isEqualTo(before);
      engine.housekeep();
      assertThat(engine.topology("pages").stopped()).isEmpty();
      assertThat(count(engine, "by_page", "p1")).isEqualTo(3L);
      assertThat(engine.refoldFromZero()).isEqualTo(engine.digest());
    }
  }

  /** Writes a stop of {@code pages}, and ends the process before the event it stands before. */
  private static void dieBetweenStopAndEvent(TestEngine engine) {
    engine.failStages((topology, place, task) -> {
      if (topology.equals("pages")) {
        throw new IllegalStateException("planted");
      }
      try {
        engine.engine().flushJournal();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw new ReadTooLargeException();
    });
    assertThatThrownBy(() -> engine.depot("seen").append(new Seen(1, "x")))
        .isInstanceOf(ReadTooLargeException.class);
    engine.crash();
    engine.healStages();
  }

  @Test
  void aStopWhoseEventNeverCameDoesNotHideTheNextOne() {
    try (var engine = start()) {
      dieBetweenStopAndEvent(engine);
      engine.clock().advance(1);
      engine.failStages((topology, place, task) -> {
        if (topology.equals("pages")) {
          throw new IllegalStateException("still broken");
        }
      });
      assertThat(engine.depot("seen").append(new Seen(1, "x")).stopped()).containsExactly("pages");
      engine.healStages();
      var live = engine.digest();
      assertThat(engine.refoldFromZero()).isEqualTo(live);
      engine.crash();
      assertThat(engine.digest()).isEqualTo(live);
      assertThat(engine.topology("pages").stopped()).hasSize(1);
    }
  }

  @Test
  void aStopWhoseEventNeverCameIsNotThatOfAnotherOfTheSameMillisecond() {
    try (var engine = start()) {
      dieBetweenStopAndEvent(engine);
      assertThat(engine.depot("seen").append(new Seen(1, "x")).status()).isEqualTo(Status.FOLDED);
      var live = engine.digest();
      assertThat(engine.refoldFromZero()).isEqualTo(live);
      engine.crash();
      assertThat(engine.topology("pages").stopped()).isEmpty();
    }
  }
}
