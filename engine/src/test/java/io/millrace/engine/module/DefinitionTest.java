package io.millrace.engine.module;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.event.Event;
import io.millrace.engine.event.KeyName;
import io.millrace.engine.pstate.Schema;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DefinitionTest {
  record NameSet(long userId, String name) {}

  record Purchase(long userId, long shopId, long cents) {}

  sealed interface Edit {
    long userId();

    record Renamed(long userId, String name) implements Edit {}

    @Event(name = "user_left", version = 2)
    record Left(long userId) implements Edit {}
  }

  private static final class Sample implements EngineModule {
    private final Consumer<Definition> code;

    Sample(Consumer<Definition> code) {
      this.code = code;
    }

    @Override
    public String name() {
      return "sampleModule";
    }

    @Override
    public void define(Definition def) {
      code.accept(def);
    }
  }

  private static Definition define(Consumer<Definition> code) {
    return Definition.of(new Sample(code));
  }

  private static void refuses(String message, Consumer<Definition> code) {
    assertThatThrownBy(() -> define(code))
        .isInstanceOf(DefinitionException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesAreConvertedToSnakeCase() {
    var definition =
        define(def -> {
          var names = def.depot("nameSets", NameSet.class).partitionBy(NameSet::userId);
          def.stream("byUser").from(names).each((event, at) -> {});
        });
    assertThat(definition.module()).isEqualTo("sample_module");
    var depot = definition.depots().iterator().next();
    assertThat(depot.qualifiedName()).isEqualTo("sample_module/name_sets");
    assertThat(depot.types().getFirst().name()).isEqualTo("name_set");
    assertThat(depot.keyName()).isNotNull().extracting(KeyName::column).isEqualTo("user_id");
    assertThat(definition.streams().iterator().next().name()).isEqualTo("by_user");
  }

  @Test
  void sealedInterfaceDeclaresOneTypePerRecord() {
    var definition =
        define(def -> {
          var edits = def.depot("edits", Edit.class).partitionBy(Edit::userId);
          def.stream("s").from(edits).when(Edit.Left.class).each((event, at) -> {});
        });
    var types = definition.depots().iterator().next().types();
    assertThat(types).map(Object::toString).containsExactly("renamed v1", "user_left v2");
  }

  @Test
  void invalidAndReservedNamesAreRefused() {
    refuses("is not valid: use [a-z][a-z0-9_]*", def -> def.depot("name sets", NameSet.class));
    refuses("is reserved", def -> def.pstate("sys", Schema.map(LONG, STRING)));
    assertThatThrownBy(() -> Definition.of(new Redis()))
        .isInstanceOf(DefinitionException.class)
        .hasMessage("module name redis is reserved");
  }

  private static final class Redis implements EngineModule {
    @Override
    public void define(Definition def) {}
  }

  @Test
  void aPstateWithoutAKeyMustBeGlobal() {
    refuses("declare it with globalPstate", def -> def.pstate("top", Schema.list(LONG)));
    refuses("declare it with globalPstate", def -> def.pstate("total", LONG));
    var definition = define(def -> def.globalPstate("total", LONG));
    assertThat(definition.pstates().iterator().next().isGlobal()).isTrue();
  }

  @Test
  void aWriteByAnotherKeyThanTheRoutingKeyIsRefusedWithoutAHop() {
    Consumer<Definition> wrong =
        def -> {
          var depot = def.depot("p", Purchase.class).partitionBy(Purchase::userId);
          var byShop = def.pstate("by_shop", Schema.map(LONG, LONG));
          def.stream("s").from(depot).write(byShop, Purchase::shopId).set(Purchase::cents);
        };
    refuses(
        "pstate sample_module/by_shop is written by shop_id, but the flow is routed by user_id;"
            + " call hop(...) with shop_id first",
        wrong);
    define(def -> {
      var depot = def.depot("p", Purchase.class).partitionBy(Purchase::userId);
      var byShop = def.pstate("by_shop", Schema.map(LONG, LONG));
      def.stream("s")
          .from(depot)
          .hop(Purchase::shopId)
          .write(byShop, Purchase::shopId)
          .set(Purchase::cents);
    });
  }

  @Test
  void globalAndKeyedPstatesAreNotMixedUp() {
    refuses(
        "is global, but the flow is routed by user_id; call hopGlobal() first",
        def -> {
          var depot = def.depot("p", Purchase.class).partitionBy(Purchase::userId);
          var all = def.globalPstate("all", Schema.map(LONG, LONG));
          def.stream("s").from(depot).write(all, Purchase::userId).set(Purchase::cents);
        });
    refuses(
        "the flow is on task 0, but pstate sample_module/keyed is keyed; hop to the key first",
        def -> {
          var depot = def.depot("p", Purchase.class).global();
          var keyed = def.pstate("keyed", Schema.map(LONG, LONG));
          def.stream("s").from(depot).write(keyed, Purchase::userId).set(Purchase::cents);
        });
  }

  @Test
  void aPstateHasOneOwner() {
    refuses(
        "is written by two topologies, one and two",
        def -> {
          var depot = def.depot("p", Purchase.class).partitionBy(Purchase::userId);
          var counts = def.pstate("counts", Schema.map(LONG, LONG));
          def.stream("one").from(depot).groupBy(Purchase::userId).count(counts);
          def.stream("two").from(depot).groupBy(Purchase::userId).count(counts);
        });
  }

  @Test
  void aTopologyThatEndsNowhereIsRefused() {
    refuses("reads no depot", def -> def.stream("s"));
    refuses(
        "does nothing with the events of depot sample_module/p",
        def -> def.stream("s").from(def.depot("p", Purchase.class)));
  }

  @Test
  void eventsMustBeRecordsOfKnownTypes() {
    refuses("must be a record", def -> def.depot("d", String.class));
    record Strange(Thread thread) {}
    refuses("Strange.thread has type java.lang.Thread", def -> def.depot("d", Strange.class));
    refuses(
        "has two event types named name_set",
        def -> def.depot("d", List.of(NameSet.class, NameSet.class)));
  }

  @Test
  void placesInTheGraphNameTheirLineInTheModule() {
    var definition =
        define(def -> {
          var depot = def.depot("p", Purchase.class).partitionBy(Purchase::userId);
          def.stream("s").from(depot).filter(p -> p.cents() > 0).each((p, at) -> {});
        });
    var nodes = definition.streams().iterator().next().nodes();
    assertThat(nodes.get(1).name()).startsWith("filter (DefinitionTest.java:");
  }
}
