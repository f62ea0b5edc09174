package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills, refusals and cuts in the middle of starts with other modules, or without them. */
class ModuleAbsenceTest {
  /** An event. */
  public record Paid(String who, long cents) {}

  /** An event that is large. */
  public record Note(String who, String text) {}

  private record Version(String name, Consumer<Definition> definition) implements EngineModule {
    @Override
    public void define(Definition def) {
      definition.accept(def);
    }
  }

  private static final String LARGE = "x".repeat(100_000);

  /** Keeps a large text, so that its tail of the journal asks for a checkpoint. */
  private static EngineModule notes(Schema schema) {
    return new Version(
        "notes",
        def -> {
          var notes = def.depot("notes", Note.class).partitionBy(Note::who);
          var texts = def.pstate("texts", schema);
          def.stream("keep")
              .from(notes)
              .each((event, at) -> at.write(texts).key(event.who()).set(event.text()));
        });
  }

  private static EngineModule notes() {
    return notes(Schema.map(STRING, STRING));
  }

  private static EngineModule other() {
    return new Version(
        "other",
        def -> {
          var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
          var totals = def.pstate("totals", Schema.map(STRING, LONG));
          def.stream("sum")
              .from(paid)
              .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
        });
  }

  private static TestEngine small(EngineModule... modules) {
    return TestEngine.builder(modules)
        .tasks(1)
        .config(config -> config.withMemory(8 << 20, 1 << 20))
        .start();
  }

  private static void write(TestEngine engine, int notes) {
    for (var i = 0; i < notes; i++) {
      engine.depot("notes").append(new Note("n" + i, LARGE));
    }
  }

  private static void isWhole(TestEngine engine, int notes) {
    for (var i = 0; i < notes; i++) {
      assertThat(engine.pstate("texts").get(key("n" + i))).isEqualTo(LARGE);
    }
  }

  @Test
  void aStartThatIsRefusedAfterACutHasLostNothing() {
    try (var engine = small(notes())) {
      write(engine, 60);
      engine.stop(false);
      for (var i = 0; i < 2; i++) {
        assertThatThrownBy(() -> engine.startWith(notes(Schema.map(STRING, LONG))))
            .hasMessageContaining("pstate texts");
      }
      engine.startWith(notes());
      isWhole(engine, 60);
      engine.depot("notes").append(new Note("n0", LARGE));
      engine.stop(false);
      engine.startWith(notes());
      isWhole(engine, 60);
    }
  }

  @Test
  void aKillInTheMiddleOfAStartWithoutAModuleLosesNothing() {
    try (var engine = small(notes(), other())) {
      write(engine, 60);
      engine.stop(false);
      // Refused behind the fold of the journal: as far as the directory goes, killed there.
      engine.retire("nobody");
      assertThatThrownBy(() -> engine.startWith(other())).hasMessageContaining("no such module");
      engine.retire();
      engine.startWith(notes(), other());
      isWhole(engine, 60);
    }
  }

  private static EngineModule steps(String place, boolean more, Consumer<Definition> also) {
    return new Version(
        "steps",
        def -> {
          var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
          var totals = def.pstate("totals", Schema.map(STRING, LONG));
          def.stream("sum")
              .from(paid)
              .hop(place, Paid::who)
              .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
          if (more) {
            def.depot("more", Paid.class);
          }
          also.accept(def);
        });
  }

  private static void stopAtHop(TestEngine engine) {
    engine.failStages((topology, place, task) -> {
      if (place.startsWith("hop")) {
        throw new IllegalStateException("planted");
      }
    });
    engine.depot("paid").append(new Paid("ada", 5));
    engine.healStages();
  }

  @Test
  void whatFindsNoPlaceRefusesTheStartThatFoldsAnotherVersionsRecords() {
    try (var engine = TestEngine.builder(steps("credit", false, def -> {})).tasks(1).start()) {
      stopAtHop(engine);
      engine.stop(true);
      engine.startWith(steps("credit", true, def -> {}));
      engine.stop(false);
      assertThatThrownBy(
              () -> engine.startWith(steps("debit", true, def -> def.depot("third", Paid.class))))
          .hasMessageContaining("finds no place")
          .hasMessageContaining("place credit");
      engine.startWith(steps("credit", true, def -> {}));
      engine.topology("sum").resume();
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(5L);
    }
  }

  private static EngineModule without(Consumer<Definition> also) {
    return new Version(
        "steps",
        def -> {
          var kept = def.depot("kept", Paid.class).partitionBy(Paid::who);
          var totals = def.pstate("totals", Schema.map(STRING, LONG));
          def.stream("count")
              .from(kept)
              .each((event, at) -> at.write(totals).key(event.who()).increment(1));
          also.accept(def);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"hosted", "absent", "live"})
  void whatStoppedInAThingGivenUpIsForgottenWhoeverFoldsThat(String how) {
    try (var engine =
        TestEngine.builder(steps("credit", false, def -> {}), other()).tasks(1).start()) {
      engine.failStages((topology, place, task) -> {
        if (place.startsWith("hop")) {
          throw new IllegalStateException("planted");
        }
      });
      engine.depot("steps/paid").append(new Paid("ada", 5));
      engine.healStages();
      engine.stop(true);
      engine.startWith(
          without(def -> {
            def.retireTopology("sum");
            def.retireDepot("paid");
          }),
          other());
      engine.stop(how.equals("live"));
      if (how.equals("absent")) {
        engine.startWith(other());
        engine.stop(true);
      }
      engine.startWith(without(def -> {}), other());
      engine.housekeep();
      engine.depot("kept").append(new Paid("ada", 5));
      assertThat(engine.pstate("steps/totals").get(key("ada"))).isEqualTo(1L);
      engine.stop(true);
      engine.startWith(without(def -> {}), other());
    }
  }

  @Test
  void aDepotIsGivenUpWithTheStopsOfItsReaders() {
    EngineModule before = both(def -> {}, true);
    try (var engine = TestEngine.builder(before).tasks(1).start()) {
      engine.failStages((topology, place, task) -> {
        throw new IllegalStateException("planted");
      });
      engine.depot("paid").append(new Paid("ada", 5));
      engine.healStages();
      engine.stop(true);
      engine.startWith(both(def -> def.retireDepot("paid"), false));
      engine.housekeep();
      engine.stop(false);
      engine.startWith(both(def -> {}, false));
      engine.housekeep();
      engine.stop(true);
      engine.startWith(both(def -> {}, true));
      engine.depot("paid").append(new Paid("ada", 7));
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(7L);
      assertThat(engine.rows("sys.topologies", "depot", "began", "folded"))
          .containsExactly("kept 0 0", "paid 0 1");
    }
  }

  private static EngineModule both(Consumer<Definition> also, boolean two) {
    return new Version(
        "both",
        def -> {
          var kept = def.depot("kept", Paid.class).partitionBy(Paid::who);
          var totals = def.pstate("totals", Schema.map(STRING, LONG));
          var stream = def.stream("sum");
          stream.from(kept).each((event, at) -> {});
          if (two) {
            stream
                .from(def.depot("paid", Paid.class).partitionBy(Paid::who))
                .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
          }
          also.accept(def);
        });
  }

  @Test
  void eventsNotYetCopiedStayInTheDepotOfAnAbsentModule() {
    var how = TestEngine.builder(other(), notes()).tasks(1);
    try (var engine = how.config(one -> one.withCheckpoints(64 << 10, 1 << 20, 60_000)).start()) {
      engine.depot("paid").append(new Paid("ada", 5));
      engine.stop(false);
      engine.startWith(notes());
      write(engine, 5);
      engine.housekeep();
      engine.checkpoint();
      engine.stop(true);
      engine.startWith(other(), notes());
      assertThat(engine.rows("other.paid", "who", "cents")).containsExactly("ada 5");
    }
  }
}
