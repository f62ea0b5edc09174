package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.DOUBLE;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.event.Event;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.DefinitionException;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory is opened with another version of a module, or without it: nothing is forgotten. */
class ModuleVersionsTest {
  /** An event. */
  public record Paid(String who, long cents) {}

  /** The same with a field that old events lack. */
  @Event(name = "paid")
  public record PaidWithNote(String who, long cents, @Nullable String note) {}

  /** The same with a field that old events lack and that is required. */
  @Event(name = "paid")
  public record PaidWithCurrency(String who, long cents, String currency) {}

  /** The same with a field of another type. */
  @Event(name = "paid")
  public record PaidInDoubles(String who, double cents) {}

  /** A module by name and definition, so that a test can give versions of one. */
  private record Version(String name, Consumer<Definition> definition) implements EngineModule {
    @Override
    public void define(Definition def) {
      definition.accept(def);
    }
  }

  private static EngineModule bank(Consumer<Definition> definition) {
    return new Version("bank", definition);
  }

  private static EngineModule totals() {
    return bank(def -> {
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
      var totals = def.pstate("totals", Schema.map(STRING, LONG));
      def.stream("sum")
          .from(paid)
          .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
    });
  }

  private static EngineModule others() {
    return new Version(
        "others",
        def -> {
          var notes = def.depot("notes", Paid.class).partitionBy(Paid::who);
          var ids = def.pstate("ids", Schema.map(STRING, LONG));
          def.stream("number")
              .from(notes)
              .each((event, at) -> at.write(ids).key(event.who()).set(at.newId()));
        });
  }

  private static EngineModule numbers() {
    return bank(def -> {
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
      var ids = def.pstate("ids", Schema.map(STRING, LONG));
      def.stream("number")
          .from(paid)
          .each((event, at) -> at.write(ids).key(event.who()).set(at.newId()));
    });
  }

  private static void pay(TestEngine engine, String who, long cents) {
    engine.depot("paid").append(new Paid(who, cents));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAbsentModuleGoesOnFromItsPlaceWhenItIsBack(boolean orderly) {
    try (var engine = TestEngine.start(totals(), others())) {
      pay(engine, "ada", 5);
      engine.checkpoint();
      pay(engine, "ada", 7);
      pay(engine, "bob", 1);
      var digest = engine.digest();
      engine.stop(orderly);
      engine.startWith(others());
      engine.depot("notes").append(new Paid("x", 1));
      engine.checkpoint();
      engine.stop(false);
      engine.startWith(others());
      engine.stop(false);
      engine.startWith(totals(), others());
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(12L);
      assertThat(engine.pstate("totals").get(key("bob"))).isEqualTo(1L);
      pay(engine, "ada", 100);
      engine.crash();
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(112L);
      assertThat(engine.digest()).isNotEqualTo(digest).isEqualTo(engine.refoldFromZero());
    }
  }

  @Test
  void idsOfOneModuleDoNotDependOnAnotherThatIsAway() {
    try (var engine = TestEngine.start(numbers(), others())) {
      pay(engine, "ada", 1);
      engine.depot("notes").append(new Paid("ada", 1));
      var given = engine.pstate("others/ids").get(key("ada"));
      var own = engine.pstate("bank/ids").get(key("ada"));
      engine.stop(false);
      engine.startWith(others());
      assertThat(engine.pstate("others/ids").get(key("ada"))).isEqualTo(given);
      engine.checkpoint();
      engine.stop(false);
      engine.startWith(numbers(), others());
      assertThat(engine.pstate("bank/ids").get(key("ada"))).isEqualTo(own);
    }
  }

  @Test
  void anAbsentModuleIsGivenUpByNameOnly() {
    try (var engine = TestEngine.start(totals(), others())) {
      pay(engine, "ada", 5);
      engine.stop(false);
      engine.retire("nobody");
      assertThatThrownBy(() -> engine.startWith(others()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("there is no such module")
          .hasMessageContaining("bank");
      engine.retire("bank");
      engine.startWith(others());
      engine.stop(true);
      engine.startWith(others());
      engine.stop(true);
      engine.retire();
      engine.startWith(totals(), others());
      assertThat(engine.pstate("totals").get(key("ada"))).isNull();
      pay(engine, "ada", 1);
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(1L);
    }
  }

  private static void refused(EngineModule before, EngineModule after, String... texts) {
    try (var engine = TestEngine.start(before)) {
      pay(engine, "ada", 5);
      var digest = engine.digest();
      for (var orderly : List.of(false, true)) {
        engine.stop(orderly);
        assertThatThrownBy(() -> engine.startWith(after))
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContainingAll("module bank")
            .satisfies(e -> assertThat(e.getMessage()).contains(texts));
        engine.startWith(before);
        assertThat(engine.digest()).isEqualTo(digest);
      }
    }
  }

  private static EngineModule schema(Schema schema) {
    return bank(def -> {
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
      def.pstate("totals", schema);
      def.stream("sum").from(paid).each((event, at) -> {});
    });
  }

  @Test
  void aPstateOfAnotherSchemaIsRefused() {
    refused(
        totals(),
        schema(Schema.map(STRING, DOUBLE)),
        "pstate totals is keyed {\"map\":[\"string\",\"long\"]}",
        "{\"map\":[\"string\",\"double\"]}",
        "def.retirePstate(\"totals\")");
    refused(totals(), schema(Schema.map(STRING, STRING)), "pstate totals");
    refused(
        schema(Schema.map(STRING, Schema.record(Schema.field("a", LONG), Schema.field("b", LONG)))),
        schema(Schema.map(STRING, Schema.record(Schema.field("b", LONG), Schema.field("a", LONG)))),
        "pstate totals");
    refused(
        schema(Schema.map(STRING, Schema.map(STRING, LONG))),
        schema(Schema.map(STRING, Schema.map(STRING, LONG).subindexed())),
        "subindexed");
    refused(
        totals(),
        bank(def -> {
          var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
          def.globalPstate("totals", Schema.map(STRING, LONG));
          def.stream("sum").from(paid).each((event, at) -> {});
        }),
        "pstate totals is keyed",
        "global");
  }

  private static <E> EngineModule events(Class<E> type, EventFormat format) {
    return bank(def -> {
      var paid = def.depot("paid", type).format(format);
      def.stream("sum").from(paid).each((event, at) -> {});
    });
  }

  @Test
  void eventsThatExistMustStayReadable() {
    var json = EventFormat.JSON;
    refused(
        events(Paid.class, json), events(PaidWithCurrency.class, json), "currency", "@Nullable");
    refused(events(Paid.class, json), events(PaidInDoubles.class, json), "field cents");
    refused(events(Paid.class, json), events(Other.class, json), "event type paid", "@Event");
    refused(events(Paid.class, json), events(Paid.class, EventFormat.BINARY), "format");
    refused(
        events(Paid.class, EventFormat.BINARY),
        events(PaidWithNote.class, EventFormat.BINARY),
        "by their place");
  }

  /** Another event. */
  public record Other(String who) {}

  @Test
  void partitioningAndSourcesStay() {
    refused(
        totals(),
        bank(def -> {
          var paid = def.depot("paid", Paid.class).partitionBy(Paid::cents);
          def.pstate("totals", Schema.map(STRING, LONG));
          def.stream("sum").from(paid).each((event, at) -> {});
        }),
        "partitioned by who",
        "by cents");
    refused(
        totals(),
        bank(def -> {
          def.depot("paid", Paid.class).partitionBy(Paid::who);
          var more = def.depot("more", Paid.class).partitionBy(Paid::who);
          def.pstate("totals", Schema.map(STRING, LONG));
          def.stream("sum").from(more).each((event, at) -> {});
        }),
        "topology sum reads depot paid",
        "retireSource(\"sum\", \"paid\")");
    refused(
        totals(),
        bank(def -> def.depot("paid", Paid.class).partitionBy(Paid::who)),
        "topology sum",
        "pstate totals",
        "def.retirePstate(\"totals\")");
  }

  private static EngineModule richer() {
    return bank(def -> {
      var paid = def.depot("paid", PaidWithNote.class).partitionBy(PaidWithNote::who);
      var more = def.depot("more", Other.class).partitionBy(Other::who);
      var totals = def.pstate("totals", Schema.map(STRING, LONG));
      var counts = def.pstate("counts", Schema.map(STRING, LONG));
      def.stream("sum")
          .from(paid)
          .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
      var count = def.stream("count");
      count.from(more).each((event, at) -> at.write(counts).key(event.who()).increment(1));
      count.from(paid).each((event, at) -> at.write(counts).key(event.who()).increment(1));
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNewBeginsWhereItIsDeployedAndSaysSo(boolean orderly) {
    try (var engine = TestEngine.builder(totals()).tasks(1).start()) {
      pay(engine, "ada", 5);
      pay(engine, "ada", 6);
      engine.stop(orderly);
      engine.startWith(richer());
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(11L);
      assertThat(engine.pstate("counts").get(key("ada"))).isNull();
      engine.depot("paid").append(new PaidWithNote("ada", 1, "tip"));
      engine.crash();
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(12L);
      assertThat(engine.pstate("counts").get(key("ada"))).isEqualTo(1L);
      assertThat(engine.rows("sys.topologies", "topology", "depot", "began", "folded", "lag"))
          .contains("count paid 2 3 0", "count more 0 0 0", "sum paid 0 3 0");
    }
  }

  private static EngineModule renamed() {
    return bank(def -> {
      var paid = def.depot("payments", Paid.class).partitionBy(Paid::who).renamed("paid");
      var totals = def.pstate("sums", Schema.map(STRING, LONG));
      def.renamed(totals, "totals");
      def.stream("adding")
          .renamed("sum")
          .from(paid)
          .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
    });
  }

  private static EngineModule renamedForGood() {
    return bank(def -> {
      var paid = def.depot("payments", Paid.class).partitionBy(Paid::who);
      var totals = def.pstate("sums", Schema.map(STRING, LONG));
      def.stream("adding")
          .from(paid)
          .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsRenamedKeepsItsStateItsStopAndItsKeys(boolean orderly) {
    try (var engine = TestEngine.builder(totals()).tasks(1).start()) {
      pay(engine, "ada", 5);
      engine.failStages((topology, place, task) -> {
        throw new IllegalStateException("planted");
      });
      var token = engine.depot("paid").append(new Paid("ada", 100)).token();
      pay(engine, "ada", 1000);
      engine.healStages();
      engine.stop(orderly);
      engine.startWith(renamed());
      assertThat(engine.topology("adding").stopped()).hasSize(1);
      engine.stop(false);
      engine.startWith(renamedForGood());
      assertThat(engine.topology("adding").stopped()).hasSize(1);
      engine.topology("adding").resume();
      engine.housekeep();
      assertThat(engine.topology("adding").stopped()).isEmpty();
      assertThat(engine.pstate("sums").get(key("ada"))).isEqualTo(1105L);
      assertThat(engine.engine().waitFor(token.toString()).await(0, () -> {})).isPositive();
      engine.stop(false);
      assertThatThrownBy(() -> engine.startWith(totals()))
          .hasMessageContaining("topology adding")
          .hasMessageContaining("depot payments");
      engine.startWith(renamedForGood());
      assertThat(engine.pstate("sums").get(key("ada"))).isEqualTo(1105L);
    }
  }

  private static EngineModule branches(boolean another) {
    return bank(def -> {
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
      var stream = def.stream("sum");
      if (another) {
        var other = def.depot("other", Other.class).partitionBy(Other::who);
        var seen = def.pstate("seen", Schema.map(STRING, LONG));
        stream.from(other).each((event, at) -> at.write(seen).key(event.who()).increment(1));
      }
      var totals = def.pstate("totals", Schema.map(STRING, LONG));
      var flow = stream.from(paid);
      if (another) {
        flow = flow.filter(event -> event.cents() >= 0);
      }
      flow.hop("credit", Paid::who)
          .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
    });
  }

  @Test
  void aStoppedStageIsFoundByItsNameWhateverStandsBeforeIt() {
    try (var engine = TestEngine.builder(branches(false)).tasks(1).start()) {
      engine.failStages((topology, place, task) -> {
        if (place.startsWith("hop credit")) {
          throw new IllegalStateException("planted");
        }
      });
      pay(engine, "ada", 5);
      engine.healStages();
      engine.stop(true);
      engine.startWith(branches(true));
      engine.topology("sum").resume();
      engine.housekeep();
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(5L);
      assertThat(engine.pstate("seen").get(key("ada"))).isNull();
    }
  }

  private static EngineModule unnamed(boolean filtered) {
    return bank(def -> {
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
      var totals = def.pstate("totals", Schema.map(STRING, LONG));
      var flow = def.stream("sum").from(paid);
      if (filtered) {
        flow = flow.filter(event -> true);
      }
      flow.hop(Paid::who)
          .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
    });
  }

  @Test
  void whatFindsNoPlaceRefusesTheStart() {
    try (var engine = TestEngine.builder(unnamed(false)).tasks(1).start()) {
      engine.failStages((topology, place, task) -> {
        if (place.startsWith("hop")) {
          throw new IllegalStateException("planted");
        }
      });
      pay(engine, "ada", 5);
      engine.healStages();
      engine.stop(true);
      assertThatThrownBy(() -> engine.startWith(unnamed(true)))
          .hasMessageContainingAll("finds no place", "topology sum", "place hop", "offset 0");
      engine.startWith(unnamed(false));
      engine.topology("sum").resume();
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(5L);
      engine.stop(true);
      engine.startWith(unnamed(true));
    }
  }

  @Test
  void anOrderlyStopRunsWhatWaits() {
    var many =
        bank(def -> {
          var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
          var totals = def.pstate("totals", Schema.map(STRING, LONG));
          def.stream("sum")
              .from(paid)
              .explode(event -> Collections.nCopies(3000, event))
              .hop(Paid::who)
              .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
        });
    try (var engine = TestEngine.builder(many).tasks(1).stagesPerRecord(100).start()) {
      engine
          .depot("paid")
          .append(new Paid("ada", 1), AppendOptions.folded().ack(AppendAck.APPENDED));
      engine.stop(true);
      engine.startWith(totals());
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(3000L);
    }
  }

  @Test
  void namesThatCannotBeToldApartAreRefused() {
    assertThatThrownBy(() -> TestEngine.start(totals(), numbers()))
        .isInstanceOf(DefinitionException.class)
        .hasMessageContaining("two modules are named bank");
    assertThatThrownBy(() ->
            TestEngine.start(
                bank(def -> {
                  var paid = def.depot("paid", Paid.class);
                  def.stream("sum")
                      .from(paid)
                      .each("same", (event, at) -> {})
                      .each("same", (event, at) -> {});
                })))
        .isInstanceOf(DefinitionException.class)
        .hasMessageContaining("two operators named same");
  }
}
