package io.millrace.engine.internal.plan;

import static io.millrace.engine.pstate.Scalar.ANY;
import static io.millrace.engine.pstate.Scalar.INSTANT;
import static io.millrace.engine.pstate.Scalar.INT;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static io.millrace.engine.pstate.Scalar.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.path.Path;
import io.millrace.engine.path.PathException;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.tree.HeapTaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PStateStoreTest {
  record Profile(String name, int age, @Nullable String city) {}

  private final HeapTaskState task = new HeapTaskState(0);

  private PStateStore store(Schema schema) {
    return new PStateStore("users/profiles", schema, 1, 2, 42);
  }

  private void write(PStateStore store, Path path, Terminal terminal) {
    store.write(task, store.write(path, terminal));
  }

  private Object one(PStateStore store, Path path) {
    return store.selectOne(task, store.read(path));
  }

  @Test
  void recordsAreWrittenAndReadAsTheirJavaRecords() {
    var store = store(Schema.map(LONG, Schema.of(Profile.class)));
    write(store, Path.key(1), Terminal.set(new Profile("alice", 33, null)));
    write(store, Path.key(1).key("city"), Terminal.set("Oslo"));
    assertThat(one(store, Path.key(1L))).isEqualTo(new Profile("alice", 33, "Oslo"));
    assertThat(one(store, Path.key(1L).key("age"))).isEqualTo(33);
    write(store, Path.key(2L).key("name"), Terminal.set("bob"));
    assertThat(one(store, Path.key(2L))).isEqualTo(new Profile("bob", 0, null));
  }

  /** Whatever only a write can refuse is a mistake of the module, which needs to find the place. */
  @Test
  void aValueThatCannotBeStoredNamesPstatePathAndReason() {
    var names = store(Schema.map(STRING, STRING));
    var times = store(Schema.map(LONG, INSTANT));
    var anything = store(Schema.map(LONG, ANY));
    Object deep = "x";
    for (var i = 0; i < 300; i++) {
      deep = List.of(deep);
    }
    var nested = deep;
    refused(() -> write(names, Path.key("a"), Terminal.set("b\ud800")), "half a surrogate pair");
    refused(() -> write(names, Path.key("\udc00"), Terminal.set("b")), "half a surrogate pair");
    refused(() -> names.select(task, names.read(Path.key("\udc00"))), "half a surrogate pair");
    refused(() -> write(times, Path.key(1), Terminal.set(Instant.MAX)), "milliseconds");
    refused(() -> write(anything, Path.key(1), Terminal.set(nested)), "nested at most 200 deep");
    refused(() -> write(anything, Path.key(1), Terminal.set("\ud800")), "half a surrogate pair");
  }

  private static void refused(ThrowingCallable write, String reason) {
    assertThatThrownBy(write)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("users/profiles")
        .hasMessageContaining("path=")
        .hasMessageContaining(reason);
  }

  @Test
  void setsTakeOneLineToAddToRemoveFromAndAsk() {
    var swings = store(Schema.map(STRING, Schema.set(STRING).subindexed()));
    write(swings, Path.key("swing"), Terminal.add("kid"));
    assertThat(one(swings, Path.key("swing").contains("kid"))).isEqualTo(true);
    write(swings, Path.key("swing").setElem("kid"), Terminal.remove());
    assertThat(one(swings, Path.key("swing").contains("kid"))).isEqualTo(false);

    var top = new PStateStore("m/top", Schema.set(LONG), 3, 4, 42);
    write(top, Path.here(), Terminal.add(7));
    assertThat(one(top, Path.contains(7L))).isEqualTo(true);
    assertThat(one(top, Path.count())).isEqualTo(1L);
  }

  @Test
  void rangeToKeepsTheLastOnesBeforeItsEnd() {
    var store = store(Schema.map(LONG, STRING));
    for (var i = 0; i < 1000; i++) {
      write(store, Path.key(i), Terminal.set("v" + i));
    }
    assertThat(store.select(task, store.read(Path.rangeTo(500L, 3).mapKeys())))
        .containsExactly(497L, 498L, 499L);
    assertThat(store.select(task, store.read(Path.rangeFrom(500L, 2).mapVals())))
        .containsExactly("v500", "v501");
    assertThat(one(store, Path.range(10L, 20L).count())).isEqualTo(10L);
    assertThat(one(store, Path.rangeFromStart(2))).isEqualTo(Map.of(0L, "v0", 1L, "v1"));
    assertThat(store.select(task, store.readText("[{\"range\": [998, null]}, \"*\"]")))
        .containsExactly(List.of(998L, "v998"), List.of(999L, "v999"));
  }

  @Test
  void aPageOfFiftyRowsIsOneReadAndOneIterationOfFiftySteps() {
    var store = store(Schema.map(STRING, Schema.map(LONG, STRING).subindexed()));
    for (var i = 0; i < 300; i++) {
      write(store, Path.key("alice", i), Terminal.set("post " + i));
    }
    var before = counts(store);
    assertThat(
            store.select(
                task,
                store.readText("[\"alice\", {\"range\": [100, null]," + " \"limit\": 50}, \"*\"]")))
        .hasSize(50);
    assertThat(counts(store))
        .isEqualTo(
            List.of(before.get(0) + 1, before.get(1), before.get(2) + 1, before.get(3) + 50));
  }

  @Test
  void aDepositIsOneReadAndOneWrite() {
    var store = store(Schema.map(LONG, LONG));
    write(store, Path.key(1), Terminal.set(10));
    var before = counts(store);
    write(store, Path.key(1), Terminal.update("plus", 5));
    assertThat(counts(store))
        .isEqualTo(List.of(before.get(0) + 1, before.get(1) + 1, before.get(2), before.get(3)));
    assertThat(one(store, Path.key(1))).isEqualTo(15L);
  }

  private static List<Long> counts(PStateStore store) {
    var io = store.io();
    return List.of(io.reads(), io.writes(), io.iterators(), io.steps());
  }

  @Test
  void writesThatDoNotFitNamePStatePathAndBothTypes() {
    var store = store(Schema.map(LONG, INT));
    assertThatThrownBy(() -> write(store, Path.key(1), Terminal.set(5L)))
        .isInstanceOf(SchemaException.class)
        .hasMessage("pstate=users/profiles path=[1]: expected int, got long");
    assertThatThrownBy(() -> write(store, Path.key("one"), Terminal.set(5)))
        .hasMessage("pstate=users/profiles path=[\"one\"] step=1: expected long, got string");
    assertThatThrownBy(() -> write(store, Path.key(1), Terminal.update(_ -> "five")))
        .hasMessage("pstate=users/profiles path=[1]: expected int, got string");
    write(store, Path.key(1), Terminal.set(Integer.MAX_VALUE));
    assertThatThrownBy(() -> write(store, Path.key(1), Terminal.update("inc")))
        .isInstanceOf(PathException.class)
        .hasMessageContaining("inc overflows");
  }

  @Test
  void pathTextIsTypedByTheSchemaAndErrorsNameThePosition() {
    var store = store(Schema.map(UUID, Schema.map(STRING, LONG)));
    var id = new java.util.UUID(0, 5);
    write(store, Path.key(id, "a"), Terminal.set(1));
    assertThat(store.select(task, store.readText("[\"" + id + "\", \"a\"]"))).containsExactly(1L);
    assertThatThrownBy(() -> store.readText("[\"" + id + "\", {\"nth\": 0}]"))
        .isInstanceOf(PathException.class)
        .hasMessageContaining("Nth needs a list, but here is map(string, long)")
        .hasMessageEndingWith("(at character 41)");
    assertThatThrownBy(() -> store.readText("[\"nonsense\"]"))
        .hasMessageContaining("expected uuid, got \"nonsense\"")
        .hasMessageEndingWith("(at character 1)");
    assertThatThrownBy(() -> store.readText("[\"a\", {\"nht\": 0}]"))
        .hasMessageContaining("no step {\"nht\": 0} (at character 6)");
    assertThatThrownBy(() -> store.readText("[\"a\", ")).isInstanceOf(PathException.class);
    assertThatThrownBy(() -> store.readText("{}")).isInstanceOf(PathException.class);
  }

  @Test
  void selectOneFailsOnNoneAndOnSeveral() {
    var store = store(Schema.map(LONG, LONG));
    assertThatThrownBy(() -> one(store, Path.must(1))).hasMessageContaining("leads nowhere");
    assertThat(one(store, Path.key(1))).isNull();
    write(store, Path.key(1), Terminal.set(1));
    write(store, Path.key(2), Terminal.set(2));
    assertThatThrownBy(() -> one(store, Path.mapVals())).hasMessageContaining("several");
  }

  @Test
  void aWholeSubindexedPartIsRefusedBeyondTheLimit() {
    var store = store(Schema.map(LONG, Schema.set(LONG).subindexed()));
    for (var i = 0; i < 10_001; i++) {
      write(store, Path.key(1), Terminal.add(i));
    }
    assertThatThrownBy(() -> one(store, Path.key(1)))
        .isInstanceOf(PathException.class)
        .hasMessageContaining("size=10001")
        .hasMessageContaining("read a range");
    assertThat(one(store, Path.key(1).rangeFromStart(2))).isEqualTo(Set.of(0L, 1L));
  }
}
