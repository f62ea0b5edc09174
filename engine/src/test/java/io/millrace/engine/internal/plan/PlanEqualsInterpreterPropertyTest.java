package io.millrace.engine.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.internal.codec.RandomValues;
import io.millrace.engine.internal.codec.Values;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.PathException;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.tree.HeapTaskState;
import io.millrace.engine.tree.TreeShape;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanEqualsInterpreterPropertyTest {
  private static final int CASES = Integer.getInteger("millrace.plan.cases", 1_000);
  private static final int OPERATIONS = 40;
  private static final StoreShape TINY =
      new StoreShape(TreeShape.keyed(128, 48, 3), TreeShape.positional(128, 48, 3), 10_000);

  private final long seed = Seeds.next();
  private long writes;
  private long reads;
  private long errors;
  private long hits;

  @Test
  void storedPathsGiveWhatTheInterpreterGives() {
    var root = new SplittableRandom(seed);
    for (var i = 0; i < CASES; i++) {
      new Case(i, root.split()).run();
    }
    assertThat(writes).as("seed=%s", seed).isGreaterThan(CASES * 5L);
    assertThat(reads).isGreaterThan(CASES * 5L);
    assertThat(hits).isGreaterThan(CASES * 5L);
    assertThat(errors).isPositive();
  }

  /** One pstate with a history of random writes and reads. */
  private final class Case {
    private final int number;
    private final RandomValues random;
    private final RandomPaths paths;
    private final Schema schema;
    private final HeapTaskState state = new HeapTaskState(0);
    private PStateStore store;
    private @Nullable Object reference;
    private String lastWrite = "none";

    Case(int number, SplittableRandom split) {
      this.number = number;
      random = new RandomValues(split);
      paths = new RandomPaths(random);
      schema = paths.pstate();
      store = newStore();
      reference = store.root().tree ? SubindexTrees.empty(store.root()) : null;
    }

    private PStateStore newStore() {
      return new PStateStore("m/p", schema, 1, 2, 7, TINY);
    }

    void run() {
      for (var i = 0; i < OPERATIONS; i++) {
        if (random.chance(5)) {
          store = newStore();
        }
        if (random.chance(10)) {
          state.evictAll();
        }
        if (!(random.chance(65) ? write() : read())) {
          return;
        }
        state.seal();
        if (random.chance(20)) {
          check(Path.here());
        }
      }
      check(Path.here());
      digestTellsTheContentOnly();
      nothingIsLeftBehind();
    }

    private void digestTellsTheContentOnly() {
      if (reference == null) {
        return;
      }
      var other = new HeapTaskState(0);
      var copy =
          new PStateStore(
              "m/p",
              schema,
              1,
              2,
              7,
              new StoreShape(TreeShape.keyed(256, 0, 0), TreeShape.positional(90, 0, 0), 10_000));
      copy.write(other, copy.write(Path.here(), Terminal.set(reference)));
      assertThat(copy.digest(other))
          .as("seed=%s case=%s", seed, number)
          .isEqualTo(resident(() -> store.digest(state)));
    }

    private void nothingIsLeftBehind() {
      var plan = store.write(Path.here(), Terminal.remove());
      resident(() -> {
        store.write(state, plan);
        return "";
      });
      assertThat(state.entries())
          .as("seed=%s case=%s schema=%s", seed, number, schema.toJson())
          .isLessThanOrEqualTo(store.root().tree ? 1 : 0);
    }

    private boolean write() {
      var path = paths.path(schema, true);
      var terminal = paths.terminal(path.end());
      PathPlan plan;
      try {
        plan = store.write(path.path(), terminal);
      } catch (PathException | SchemaException _) {
        errors++;
        return true;
      }
      writes++;
      var expected = attempt(() -> apply(plan));
      var actual =
          attempt(() -> {
            resident(() -> {
              store.write(state, plan);
              return "";
            });
            return null;
          });
      var as = describe(path.path(), terminal);
      assertThat(actual.error != null)
          .as("%s %s %s", as, expected, actual)
          .isEqualTo(expected.error != null);
      if (expected.error != null) {
        errors++;
        assertThat(actual.error).as(as).hasSameClassAs(expected.error);
        assertThat(actual.error.getMessage()).as(as).endsWith(expected.error.getMessage());
        return false;
      }
      if (expected.value != reference) {
        lastWrite = path.path() + " " + terminal;
      }
      reference = expected.value;
      return true;
    }

    private @Nullable Object apply(PathPlan plan) {
      var outcome = Transformer.transform(plan, 0, reference);
      if (outcome == WriteOutcome.KEPT) {
        return reference;
      }
      if (store.root().tree) {
        return outcome == WriteOutcome.REMOVED ? SubindexTrees.empty(store.root()) : outcome;
      }
      return outcome == WriteOutcome.REMOVED ? null : outcome;
    }

    private boolean read() {
      check(paths.path(schema, false).path());
      return true;
    }

    private void check(Path path) {
      PathPlan plan;
      try {
        plan = store.read(path);
      } catch (PathException | SchemaException _) {
        errors++;
        return;
      }
      reads++;
      var expected =
          attempt(() -> {
            var found = new ArrayList<@Nullable Object>();
            Interpreter.select(plan, 0, reference, found::add);
            return found;
          });
      var actual = attempt(() -> resident(() -> store.select(state, plan)));
      var as = describe(path, null);
      if (expected.error != null) {
        assertThat(actual.error).as(as).hasSameClassAs(expected.error);
        assertThat(actual.error.getMessage()).as(as).endsWith(expected.error.getMessage());
        return;
      }
      assertThat(actual.error).as(as).isNull();
      hits += ((ArrayList<?>) java.util.Objects.requireNonNull(expected.value)).size();
      assertThat(Values.equal(actual.value, expected.value))
          .as("%s\nexpected %s\nactual   %s", as, expected.value, actual.value)
          .isTrue();
      if (random.chance(25) && !path.text().contains("(lambda)")) {
        var text = resident(() -> store.select(state, store.readText(path.text())));
        assertThat(Values.equal(text, expected.value))
            .as("%s\nexpected %s\nfrom text %s", as, expected.value, text)
            .isTrue();
        assertThat(Path.parse(path.text()).text()).as(as).isEqualTo(path.text());
      }
    }

    private String describe(Path path, @Nullable Terminal terminal) {
      return "seed="
          + seed
          + " case="
          + number
          + " schema="
          + schema.toJson()
          + " path="
          + path
          + " terminal="
          + terminal
          + " before="
          + reference
          + " last write="
          + lastWrite;
    }
  }

  private record Result(@Nullable Object value, @Nullable RuntimeException error) {}

  private static Result attempt(Supplier<@Nullable Object> action) {
    try {
      return new Result(action.get(), null);
    } catch (PathException | SchemaException e) {
      return new Result(null, e);
    }
  }

  private static <T> T resident(Supplier<T> action) {
    while (true) {
      try {
        return action.get();
      } catch (NotResidentException _) {
        // loaded by the fake; run again
      }
    }
  }
}
