package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.INT;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.Depot;
import io.millrace.engine.event.Event;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.module.ModuleChangeException;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random versions of one module, one after the other, over kills, orderly stops, checkpoints and
 * starts without it: each start is right, as an oracle in this test counts it, or refused.
 */
class ModuleChangesPropertyTest {
  /** The first form of the event. */
  public record Sold(String item, long count) {}

  /** A form with a nullable field more. */
  @Event(name = "sold")
  public record SoldTo(String item, long count, @Nullable String buyer) {}

  /** A form that old events cannot be read as. */
  @Event(name = "sold")
  public record SoldFor(String item, long count, long cents) {}

  /** Type of the whole record, by a number of the form. */
  private static final List<Class<? extends Record>> FORMS =
      List.of(Sold.class, SoldTo.class, SoldFor.class);

  /**
   * A version: what it declares, each thing known by a number that stays when its name changes.
   *
   * @param form event form of every depot
   * @param binary event format
   * @param depots names of depots by number
   * @param totals names of pstates by number, each written by the topology of that number
   * @param schemas value schema of each pstate
   * @param sources depots each topology reads
   * @param formerNames names as they were before, for what is declared as renamed
   * @param filters operators before each hop
   * @param named whether hops have names
   */
  private record Version(
      int form,
      boolean binary,
      Map<Integer, String> depots,
      Map<Integer, String> totals,
      Map<Integer, Scalar> schemas,
      Map<Integer, Set<Integer>> sources,
      Map<String, String> formerNames,
      int filters,
      boolean named)
      implements EngineModule {
    @Override
    public String name() {
      return "shop";
    }

    @Override
    public void define(Definition def) {
      var made = new HashMap<Integer, Depot<?>>();
      depots.forEach((number, name) -> {
        var depot = def.depot(name, FORMS.get(form));
        depot.format(binary ? EventFormat.BINARY : EventFormat.JSON);
        var former = formerNames.get("depot " + name);
        if (former != null) {
          depot.renamed(former);
        }
        made.put(number, depot);
      });
      totals.forEach((number, name) -> {
        var pstate =
            def.pstate(name, Schema.map(STRING, Objects.requireNonNull(schemas.get(number))));
        var former = formerNames.get("pstate " + name);
        if (former != null) {
          def.renamed(pstate, former);
        }
        topology(def, number, name, pstate, made);
      });
    }

    private void topology(
        Definition def, int number, String name, PState pstate, Map<Integer, Depot<?>> made) {
      var stream = def.stream("sum_" + name);
      var former = formerNames.get("pstate " + name);
      if (former != null) {
        stream.renamed("sum_" + former);
      }
      for (var source : Objects.requireNonNull(sources.get(number))) {
        Flow<?> flow = stream.from(Objects.requireNonNull(made.get(source)));
        for (var i = 0; i < filters; i++) {
          flow = flow.filter(event -> true);
        }
        var hopped = named ? flow.hop("to_item_" + source, Version::item) : flow.hop(Version::item);
        hopped.each((event, at) ->
            at.write(pstate)
                .key(item(event))
                .update(old -> {
                  var sum = (old == null ? 0 : ((Number) old).longValue()) + count(event);
                  return schemas.get(number) == INT ? (Object) (int) sum : (Object) sum;
                }));
      }
    }

    static String item(Object event) {
      return switch (event) {
        case Sold sold -> sold.item();
        case SoldTo sold -> sold.item();
        case SoldFor sold -> sold.item();
        default -> throw new IllegalArgumentException(event.toString());
      };
    }

    static long count(Object event) {
      return switch (event) {
        case Sold sold -> sold.count();
        case SoldTo sold -> sold.count();
        case SoldFor sold -> sold.count();
        default -> throw new IllegalArgumentException(event.toString());
      };
    }

    Object event(String item, long count) {
      return switch (form) {
        case 0 -> new Sold(item, count);
        case 1 -> new SoldTo(item, count, count % 2 == 0 ? null : "b");
        default -> new SoldFor(item, count, count);
      };
    }
  }

  private static Version first() {
    var sources = new HashMap<Integer, Set<Integer>>();
    sources.put(0, Set.of(0));
    return new Version(
        0,
        false,
        new LinkedHashMap<>(Map.of(0, "sales")),
        new LinkedHashMap<>(Map.of(0, "totals")),
        new HashMap<>(Map.of(0, LONG)),
        sources,
        Map.of(),
        0,
        false);
  }

  /** Another version; whether the rules let it through is told apart from whether it is right. */
  private static Version changed(Version v, SplittableRandom random, int serial) {
    var depots = new LinkedHashMap<>(v.depots);
    var totals = new LinkedHashMap<>(v.totals);
    var schemas = new HashMap<>(v.schemas);
    var sources = new HashMap<Integer, Set<Integer>>();
    v.sources.forEach((number, read) -> sources.put(number, new HashSet<>(read)));
    var former = new HashMap<String, String>();
    var form = v.form;
    var binary = v.binary;
    var filters = v.filters;
    var named = v.named;
    switch (random.nextInt(11)) {
      case 0 -> form = random.nextInt(3);
      case 1 -> binary = random.nextInt(4) == 0;
      case 2 -> depots.put(serial, "depot_" + serial);
      case 3 -> {
        totals.put(serial, "totals_" + serial);
        schemas.put(serial, LONG);
        sources.put(serial, new HashSet<>(Set.of(any(depots.keySet(), random))));
      }
      case 4 -> {
        var number = any(totals.keySet(), random);
        schemas.put(number, schemas.get(number) == LONG ? INT : LONG);
      }
      case 5 -> {
        var number = any(depots.keySet(), random);
        rename("depot", number, depots, "sold_" + serial, former, random);
      }
      case 6 -> {
        var number = any(totals.keySet(), random);
        rename("pstate", number, totals, "sums_" + serial, former, random);
      }
      case 7 -> {
        var read = Objects.requireNonNull(sources.get(any(totals.keySet(), random)));
        read.add(any(depots.keySet(), random));
      }
      case 8 -> {
        if (totals.size() > 1) {
          var number = any(totals.keySet(), random);
          totals.remove(number);
          schemas.remove(number);
          sources.remove(number);
        }
      }
      case 9 -> filters = random.nextInt(3);
      default -> named = random.nextBoolean();
    }
    return new Version(form, binary, depots, totals, schemas, sources, former, filters, named);
  }

  private static void rename(
      String kind,
      int number,
      Map<Integer, String> names,
      String name,
      Map<String, String> former,
      SplittableRandom random) {
    var old = Objects.requireNonNull(names.put(number, name));
    if (random.nextInt(4) > 0) {
      former.put(kind + " " + name, old);
    }
  }

  private static int any(Set<Integer> of, SplittableRandom random) {
    return new ArrayList<>(of).get(random.nextInt(of.size()));
  }

  /** One life of a directory. */
  private static final class Life {
    private final SplittableRandom random;
    private final TestEngine engine;
    private final Map<Integer, Map<String, Long>> expected = new HashMap<>();
    private Version version = first();
    int started;
    int refused;

    Life(long seed) {
      random = new SplittableRandom(seed);
      engine = TestEngine.builder(version).tasks(2).stagesPerRecord(3).start();
    }

    void run(int versions) {
      try (engine) {
        for (var serial = 1; serial <= versions; serial++) {
          work();
          engine.stop(random.nextBoolean());
          away();
          next(changed(version, random, serial));
          check();
        }
      }
    }

    private void work() {
      for (var i = random.nextInt(12); i > 0; i--) {
        var depot = any(version.depots.keySet(), random);
        var item = "item" + random.nextInt(4);
        var count = random.nextInt(100);
        engine
            .depot(version.depots.get(depot))
            .append(version.event(item, count), AppendOptions.folded().ack(ack()));
        version.sources.forEach((number, read) -> {
          if (read.contains(depot)) {
            expected
                .computeIfAbsent(number, unused -> new HashMap<>())
                .merge(item, (long) count, Long::sum);
          }
        });
        if (random.nextInt(6) == 0) {
          engine.checkpoint();
        }
      }
    }

    private AppendAck ack() {
      return random.nextInt(3) == 0 ? AppendAck.APPENDED : AppendAck.FOLDED;
    }

    /** Some starts without the module. */
    private void away() {
      for (var i = random.nextInt(3); i > 0; i--) {
        engine.startWith();
        if (random.nextBoolean()) {
          engine.checkpoint();
        }
        engine.stop(random.nextBoolean());
      }
    }

    private void next(Version changed) {
      try {
        engine.startWith(changed);
        started++;
        version = changed;
      } catch (UncheckedIOException e) {
        assertThat(e.getCause()).isInstanceOf(ModuleChangeException.class);
        assertThat(e.getMessage()).contains("module shop").contains("nothing was changed");
        refused++;
        engine.startWith(version);
      }
    }

    private void check() {
      engine.housekeep();
      version.totals.forEach((number, name) -> {
        var sums = expected.getOrDefault(number, Map.of());
        for (var i = 0; i < 4; i++) {
          var item = "item" + i;
          Object sum = engine.pstate(name).get(key(item));
          assertThat(sum == null ? 0 : ((Number) sum).longValue())
              .as("%s of %s", item, name)
              .isEqualTo(sums.getOrDefault(item, 0L));
        }
      });
      assertThat(engine.rows("sys.topologies", "status")).doesNotContain("STOPPED");
    }
  }

  private static void lives(int lives, int versions, long seed) {
    var started = 0;
    var refused = 0;
    for (var i = 0; i < lives; i++) {
      var life = new Life(seed + i);
      try {
        life.run(versions);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed=" + (seed + i), e);
      }
      started += life.started;
      refused += life.refused;
    }
    System.out.printf("module versions: %d starts right, %d refused%n", started, refused);
    assertThat(started).isGreaterThan(lives * versions / 4);
    assertThat(refused).isPositive();
  }

  @Test
  void eachStartWithAnotherVersionIsRightOrRefused() {
    lives(6, 8, Long.getLong("millrace.seed", 20261130));
  }

  @Tag("long")
  @Test
  void twoHundredPairsOfVersionsAndMore() {
    lives(100, 10, Long.getLong("millrace.seed", 1));
  }
}
