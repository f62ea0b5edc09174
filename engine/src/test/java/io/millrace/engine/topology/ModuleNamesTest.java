package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of a module change more than once, go to other things, and come again. */
class ModuleNamesTest {
  /** An event. */
  public record Paid(String who, long cents) {}

  private record Version(Consumer<Definition> definition) implements EngineModule {
    @Override
    public String name() {
      return "bank";
    }

    @Override
    public void define(Definition def) {
      definition.accept(def);
    }
  }

  /** A name, and the one it replaces. */
  private record Name(String now, @Nullable String former) {
    static Name of(String now) {
      return new Name(now, null);
    }

    static Name of(String now, String former) {
      return new Name(now, former);
    }
  }

  private static void sums(Definition def, Name depot, Name pstate, Name topology) {
    var paid = def.depot(depot.now, Paid.class).partitionBy(Paid::who);
    if (depot.former != null) {
      paid.renamed(depot.former);
    }
    var totals = def.pstate(pstate.now, Schema.map(STRING, LONG));
    if (pstate.former != null) {
      def.renamed(totals, pstate.former);
    }
    var stream = def.stream(topology.now);
    if (topology.former != null) {
      stream.renamed(topology.former);
    }
    stream
        .from(paid)
        .each((event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
  }

  private static EngineModule sums(Name depot, Name pstate, Name topology) {
    return new Version(def -> sums(def, depot, pstate, topology));
  }

  private static EngineModule sums(String depot, String pstate, String topology) {
    return sums(Name.of(depot), Name.of(pstate), Name.of(topology));
  }

  private static EngineModule retiring() {
    return new Version(def -> {
      sums(def, Name.of("other"), Name.of("others"), Name.of("adding"));
      def.retireDepot("paid");
      def.retirePstate("totals");
      def.retireTopology("sum");
    });
  }

  private static void pay(TestEngine engine, String depot, String who, long cents) {
    engine.depot(depot).append(new Paid(who, cents));
  }

  private static void stopAt(TestEngine engine, String depot, String who, long cents) {
    engine.failStages((topology, place, task) -> {
      throw new IllegalStateException("planted");
    });
    pay(engine, depot, who, cents);
    engine.healStages();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsRenamedBackIsTheSameStill(boolean orderly) {
    try (var engine = TestEngine.builder(sums("paid", "totals", "sum")).tasks(1).start()) {
      pay(engine, "paid", "ada", 5);
      stopAt(engine, "paid", "ada", 100);
      engine.stop(orderly);
      engine.startWith(
          sums(Name.of("payments", "paid"), Name.of("all", "totals"), Name.of("adding", "sum")));
      engine.stop(orderly);
      engine.startWith(
          sums(Name.of("paid", "payments"), Name.of("totals", "all"), Name.of("sum", "adding")));
      engine.stop(orderly);
      engine.startWith(sums("paid", "totals", "sum"));
      assertThat(engine.topology("sum").stopped()).hasSize(1);
      engine.topology("sum").resume();
      engine.stop(orderly);
      engine.startWith(sums("paid", "totals", "sum"));
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(105L);
      assertThat(engine.rows("sys.depots", "depot", "records")).containsExactly("paid 2");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTopologyIsRenamedAfterItsDepotWas(boolean orderly) {
    var renamed = Name.of("payments", "paid");
    try (var engine = TestEngine.builder(sums("paid", "totals", "sum")).tasks(1).start()) {
      pay(engine, "paid", "ada", 5);
      engine.stop(orderly);
      engine.startWith(sums(renamed, Name.of("totals"), Name.of("sum")));
      pay(engine, "payments", "ada", 7);
      engine.stop(orderly);
      engine.startWith(sums(renamed, Name.of("totals"), Name.of("adding", "sum")));
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(12L);
      assertThat(engine.rows("sys.topologies", "topology", "depot", "began"))
          .containsExactly("adding payments 0");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNameThatBecameFreeIsTakenBySomethingElse(boolean orderly) {
    try (var engine = TestEngine.builder(sums("paid", "totals", "sum")).tasks(1).start()) {
      pay(engine, "paid", "ada", 5);
      stopAt(engine, "paid", "ada", 100);
      engine.stop(orderly);
      var both =
          new Version(def -> {
            sums(def, Name.of("payments", "paid"), Name.of("all", "totals"), Name.of("add", "sum"));
            sums(def, Name.of("paid"), Name.of("totals"), Name.of("sum"));
          });
      var bothForGood =
          new Version(def -> {
            sums(def, Name.of("payments"), Name.of("all"), Name.of("add"));
            sums(def, Name.of("paid"), Name.of("totals"), Name.of("sum"));
          });
      assertThatThrownBy(() -> engine.startWith(both))
          .hasMessageContaining("depot payments is declared as renamed from paid")
          .hasMessageContaining("pstate all")
          .hasMessageContaining("topology add")
          .hasMessageContaining("in a later version");
      engine.startWith(
          sums(Name.of("payments", "paid"), Name.of("all", "totals"), Name.of("add", "sum")));
      engine.stop(orderly);
      engine.startWith(bothForGood);
      pay(engine, "bank/paid", "ada", 1);
      engine.stop(orderly);
      engine.startWith(bothForGood);
      assertThat(engine.topology("add").stopped()).hasSize(1);
      assertThat(engine.topology("sum").stopped()).isEmpty();
      engine.topology("add").resume();
      pay(engine, "payments", "ada", 1000);
      engine.stop(orderly);
      engine.startWith(bothForGood);
      assertThat(engine.pstate("all").get(key("ada"))).isEqualTo(1105L);
      assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(1L);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsDeclaredAgainAfterItWasGivenUpIsNew(boolean orderly) {
    var options = AppendOptions.folded().key("k1");
    try (var engine = TestEngine.builder(sums("paid", "totals", "sum")).tasks(1).start()) {
      engine.depot("paid").append(new Paid("ada", 5), options);
      engine.stop(orderly);
      engine.startWith(retiring());
      engine.stop(orderly);
      for (var i = 0; i < 2; i++) {
        engine.startWith(
            new Version(def -> {
              sums(def, Name.of("other"), Name.of("others"), Name.of("adding"));
              sums(def, Name.of("paid"), Name.of("totals"), Name.of("sum"));
            }));
        engine.depot("paid").append(new Paid("ada", 7), options);
        assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo(7L);
        engine.checkpoint();
        engine.stop(orderly);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsGivenUpAndDeclaredAsBeforeIsFoldedAgainAsNew(boolean orderly) {
    var first = sums("paid", "totals", "sum");
    try (var engine = TestEngine.builder(first).tasks(1).start()) {
      pay(engine, "paid", "ada", 5);
      stopAt(engine, "paid", "ada", 100);
      engine.stop(orderly);
      engine.startWith(retiring());
      engine.stop(orderly);
      for (var i = 1; i <= 3; i++) {
        engine.startWith(
            i == 1
                ? new Version(def -> {
                  sums(def, Name.of("paid"), Name.of("totals"), Name.of("sum"));
                  def.retireDepot("other");
                  def.retirePstate("others");
                  def.retireTopology("adding");
                })
                : first);
        assertThat(engine.topology("sum").stopped()).isEmpty();
        pay(engine, "paid", "ada", 1);
        assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo((long) i);
        engine.stop(orderly);
      }
      engine.startWith(first);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModuleThatWasGivenUpComesAgainAndStays(boolean orderly) {
    var module = sums("paid", "totals", "sum");
    try (var engine = TestEngine.builder(module).tasks(1).start()) {
      pay(engine, "paid", "ada", 5);
      stopAt(engine, "paid", "ada", 100);
      engine.stop(orderly);
      engine.retire("bank");
      engine.startWith();
      engine.stop(orderly);
      engine.retire();
      for (var i = 1; i <= 3; i++) {
        engine.startWith(module);
        assertThat(engine.topology("sum").stopped()).isEmpty();
        pay(engine, "paid", "ada", 1);
        assertThat(engine.pstate("totals").get(key("ada"))).isEqualTo((long) i);
        engine.stop(orderly);
      }
      engine.startWith(module);
    }
  }
}
