package io.millrace.engine.topology;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.testing.TestEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Subindexed parts, small and large, in memory and on disk: tables of a cut beside live paths. */
class SnapshotPartsPropertyTest {
  private static final int OWNERS = 12;
  private static final int EVENTS = 6_000;

  record Visit(long owner, long page, String text) {}

  static final class Parts implements EngineModule {
    @Override
    public void define(Definition def) {
      var visits = def.depot("visits", Visit.class).partitionBy(Visit::owner);
      var maps = def.pstate("maps", Schema.map(LONG, Schema.map(LONG, STRING).subindexed()));
      var sets = def.pstate("sets", Schema.map(LONG, Schema.set(LONG).subindexed()));
      var lists = def.pstate("lists", Schema.map(LONG, Schema.list(STRING).subindexed()));
      def.stream("visits")
          .from(visits)
          .each((event, at) -> {
            at.write(maps).key(event.owner()).key(event.page()).set(event.text());
            at.write(sets).key(event.owner()).add(event.page());
            at.write(lists).key(event.owner()).add(event.text());
          });
    }
  }

  @Test
  void tablesOfACutAreWhatPathsReadAtThatMoment() {
    var seed = Seeds.next();
    var random = new SplittableRandom(seed);
    try (var engine =
        TestEngine.builder(new Parts())
            .config(config -> config.withMemory(1 << 20, 1 << 20))
            .start()) {
      for (var round = 0; round < 3; round++) {
        append(engine, random);
        if (round > 0) {
          engine.checkpoint();
          engine.crash();
        }
        var live = live(engine);
        try (var snapshot = engine.engine().snapshot()) {
          append(engine, random);
          engine.checkpoint();
          for (var name : live.keySet()) {
            assertThat(rows(engine, name, snapshot))
                .as("seed=%d round=%d table=%s", seed, round, name)
                .isEqualTo(live.get(name));
          }
        }
      }
    }
  }

  private static void append(TestEngine engine, SplittableRandom random) {
    var batch = new ArrayList<Visit>();
    for (var i = 0; i < EVENTS; i++) {
      // Owners differ in size: the first has a handful, the last about half of all.
      var owner = (long) (OWNERS * Math.sqrt(random.nextDouble()) * random.nextDouble());
      batch.add(new Visit(owner, random.nextLong(5_000), "t" + random.nextInt() + "x".repeat(90)));
      if (batch.size() == 200) {
        engine.depot("visits").appendAll(batch, AppendOptions.folded().ack(AppendAck.APPENDED));
        batch.clear();
        engine.housekeep();
      }
    }
  }

  private static Map<String, List<String>> live(TestEngine engine) {
    var rows = new TreeMap<String, List<String>>();
    for (var name : List.of("maps", "sets", "lists")) {
      var all = new ArrayList<String>();
      for (var owner = 0L; owner < OWNERS; owner++) {
        var value = engine.pstate(name).select(Path.key(owner)).stream().findFirst().orElse(null);
        elements(owner, value, all);
      }
      all.sort(null);
      rows.put(name, all);
    }
    return rows;
  }

  private static void elements(long owner, @Nullable Object value, List<String> all) {
    switch (value) {
      case null -> {}
      case Map<?, ?> map -> map.forEach((k, v) -> all.add(owner + ", " + k + ", " + v));
      case List<?> list ->
          IntStream.range(0, list.size())
              .forEach(i -> all.add(owner + ", " + i + ", " + list.get(i)));
      default -> ((Collection<?>) value).forEach(e -> all.add(owner + ", " + e));
    }
  }

  private static List<String> rows(TestEngine engine, String name, Snapshot snapshot) {
    var table =
        engine.engine().tables().stream()
            .filter(one -> one.schema().equals("parts") && one.name().equals(name))
            .findFirst()
            .orElseThrow();
    var columns = IntStream.range(0, table.columns().size()).toArray();
    var batch = new Object[64][columns.length];
    var rows = new ArrayList<String>();
    try (var cursor = table.scan(snapshot, new ScanRequest(columns, null, null))) {
      for (var count = cursor.next(batch); count > 0; count = cursor.next(batch)) {
        for (var i = 0; i < count; i++) {
          rows.add(
              String.join(", ", java.util.Arrays.stream(batch[i]).map(Objects::toString).toList()));
        }
      }
    }
    rows.sort(null);
    return rows;
  }
}
