package io.millrace.node.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.path.Path;
import io.millrace.engine.testing.TestEngine;
import io.millrace.node.LocalNode;
import io.millrace.node.hostile.Hostile.Part;
import io.millrace.node.hostile.Hostile.Stored;
import io.millrace.node.hostile.Samples.Sample;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What a door accepts, a fold can store: random events, hostile in one component each, through
 * every door. No topology stops, no answer is an internal error, and what was accepted is read back
 * equal by path, by SQL and by RESP.
 */
class HostileValuesIT {
  private static final int FEW = 100;
  private static final int READ_EVERY = 7;
  private static final Instant FIRST = Instant.parse("-4712-01-01T00:00:00Z");
  private static final Instant BEHIND_LAST = Instant.parse("+294277-01-01T00:00:00Z");

  @TempDir java.nio.file.Path directory;
  private final Map<String, int[]> counts = new LinkedHashMap<>();
  private long nextId = 1;

  @Test
  @Timeout(300)
  void someHundredEventsThroughEachDoor() throws Exception {
    run(24);
  }

  @Test
  @Tag("long")
  @Timeout(7200)
  void tenThousandEventsThroughEachDoorForEachType() throws Exception {
    run(Integer.getInteger("millrace.hostile.events", 10_000));
  }

  private void run(int eventsPerDoorAndType) throws Exception {
    var seed = Seeds.next();
    try (var node = LocalNode.start(directory, "--modules", "hostile");
        var doors = new Doors(node)) {
      var random = new SplittableRandom(seed);
      var samples = new Samples(random);
      // Paths meet a table of a few rows: what a path may mean is asked here, not how long it
      // takes.
      var few = Math.min(eventsPerDoorAndType, FEW);
      events(node, doors, samples, few, seed);
      hostilePaths(doors, samples, random, seed, eventsPerDoorAndType);
      events(node, doors, samples, eventsPerDoorAndType - few, seed);
      everyTableCanBeRead(doors);
      counts.forEach((door, n) ->
          System.out.println(
              "hostile values: door=" + door + " accepted=" + n[0] + " refused=" + n[1]));
    } catch (AssertionError | Exception e) {
      throw new AssertionError("seed=" + seed, e);
    }
    try (var node = LocalNode.start(directory, "--modules", "hostile");
        var doors = new Doors(node)) {
      noTopologyHasStopped(doors, seed);
    }
  }

  private void events(
      LocalNode node, Doors doors, Samples samples, int eventsPerDoorAndType, long seed)
      throws Exception {
    for (var door : Doors.NAMES) {
      for (var field : Samples.FIELDS) {
        for (var i = 0; i < eventsPerDoorAndType; i++) {
          one(node, doors, door, Doors.draw(door, samples, field), seed);
        }
      }
      noTopologyHasStopped(doors, seed);
    }
  }

  private void one(LocalNode node, Doors doors, String door, Sample sample, long seed)
      throws Exception {
    var id = nextId++;
    var what = "seed=%d door=%s id=%d event=%s".formatted(seed, door, id, shown(sample, id));
    String refusal;
    try {
      refusal = doors.send(door, sample, id);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(what, e);
    }
    counts.computeIfAbsent(door, unused -> new int[2])[refusal == null ? 0 : 1]++;
    var value = sample.value();
    var found = (Stored) node.node().engine().pstate("hostile/things").get(Path.key(id));
    if (refusal != null) {
      assertThat(found).as(what).isNull();
      assertThat(refusal.length()).as(what + " refusal=" + refusal).isLessThan(2000);
      if (value != null && !door.equals("literal") && !door.equals("sql")) {
        assertThat(isFine(value)).as(what + " refusal=" + refusal).isFalse();
      }
      return;
    }
    assertThat(found).as(what).isNotNull();
    if (value == null || door.equals("literal") || door.equals("sql")) {
      if (id % READ_EVERY == 0) {
        readable(node, doors, sample.field(), id, null, what);
      }
      return;
    }
    assertThat(isFine(value)).as(what).isTrue();
    equal(component(found, sample.field()), stored(value), what);
    if (id % READ_EVERY == 0) {
      readable(node, doors, sample.field(), id, stored(value), what);
    }
  }

  private static String shown(Sample sample, long id) {
    var value = sample.value();
    var text = value == null ? sample.event(id) : sample.field() + " " + Samples.json(value);
    return text.length() > 300 ? text.substring(0, 300) + "..." : text;
  }

  /** An oracle of its own: what must be accepted. */
  private static boolean isFine(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case String text ->
          new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text);
      case Instant at -> !at.isBefore(FIRST) && at.isBefore(BEHIND_LAST);
      case BigDecimal n -> n.precision() <= 1000 && Math.abs((long) n.scale()) <= 1000;
      case Part part -> part.name() == null || isFine(part.name());
      case Collection<?> all -> all.stream().allMatch(HostileValuesIT::isFine);
      case Map<?, ?> map ->
          map.keySet().stream().allMatch(HostileValuesIT::isFine)
              && map.values().stream().allMatch(HostileValuesIT::isFine);
      default -> true;
    };
  }

  private static Object stored(Object value) {
    return switch (value) {
      case Instant at -> Instant.ofEpochMilli(at.toEpochMilli());
      case BigDecimal number -> number.toString();
      default -> value;
    };
  }

  private static void equal(@Nullable Object found, Object expected, String what) {
    if (expected instanceof byte[] bytes) {
      assertThat((byte[]) found).as(what).isEqualTo(bytes);
    } else {
      assertThat(found).as(what).isEqualTo(expected);
    }
  }

  private static @Nullable Object component(Stored stored, String field) throws Exception {
    var accessor = Stored.class.getDeclaredMethod(field);
    accessor.setAccessible(true);
    return accessor.invoke(stored);
  }

  /** By RESP, HTTP and SQL; compared where the text of a value is the same everywhere. */
  private static void readable(
      LocalNode node, Doors doors, String field, long id, @Nullable Object expected, String what)
      throws Exception {
    var path = "[" + id + ",\"" + field + "\"]";
    var reply = ((List<?>) doors.command("PSTATE.SELECT", "hostile/things", path)).getFirst();
    doors.command("PSTATE.SELECT", "hostile/anything", "[" + id + "]");
    doors.command("PSTATE.SELECT", "hostile/again", "[" + id + "]");
    var http = node.http("POST", "/pstates/hostile/anything", "[" + id + "]");
    assertThat(http.statusCode()).as(what + http.body()).isEqualTo(200);
    var cell =
        doors.rows("select \"" + field + "\" from hostile.things where key = " + id).getFirst();
    switch (expected) {
      case String text when !field.equals("amount") -> {
        assertThat(reply).as(what).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(cell.getFirst()).as(what).isEqualTo(text);
      }
      case Long number -> {
        assertThat(reply).as(what).isEqualTo(number);
        assertThat(cell.getFirst()).as(what).isEqualTo(number.toString());
      }
      case UUID uuid -> {
        assertThat(reply).as(what).isEqualTo(uuid.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(cell.getFirst()).as(what).isEqualTo(uuid.toString());
      }
      case byte[] bytes -> assertThat(reply).as(what).isEqualTo(bytes);
      case Double number ->
          assertThat(Double.valueOf(String.valueOf(cell.getFirst()))).as(what).isEqualTo(number);
      case null, default -> {}
    }
  }

  private static void noTopologyHasStopped(Doors doors, long seed) throws Exception {
    var stopped = doors.rows("select * from sys.topologies where status <> 'RUNNING'");
    assertThat(stopped).as("seed=%d", seed).isEmpty();
  }

  /** Paths with hostile keys, and paths that are hostile themselves. */
  private static void hostilePaths(
      Doors doors, Samples samples, SplittableRandom random, long seed, int count)
      throws Exception {
    var pstates =
        List.of(
            "things",
            "by_text",
            "by_whole",
            "by_number",
            "by_real",
            "by_truth",
            "by_bytes",
            "by_uuid",
            "by_at",
            "words",
            "totals",
            "anything");
    var steps =
        List.of(
            "%s",
            "{\"key\":%s}",
            "{\"must\":%s}",
            "{\"contains\":%s}",
            "{\"nth\":%s}",
            "{\"range\":[%s,null]}",
            "{\"range\":[null,%s],\"limit\":3}",
            "{\"default\":%s}",
            "{\"<\":%s}",
            "{\"view\":[\"plus\",%s]}",
            "{\"view\":%s}",
            "{\"selected\":[%s]}",
            "{\"multi\":[[%s],[]]}",
            "{\"subselect\":[%s]}",
            "\"*\"",
            "{\"count\":true}",
            "{\"elem\":%s}",
            "{\"map_key\":%s}");
    for (var i = 0; i < count * 20; i++) {
      var path = new StringBuilder("[");
      for (var n = random.nextInt(1, 4); n > 0; n--) {
        var field = Samples.FIELDS.get(random.nextInt(Samples.FIELDS.size()));
        var step = steps.get(random.nextInt(steps.size()));
        path.append(step.replace("%s", samples.next(field).json())).append(n > 1 ? "," : "]");
      }
      var pstate = "hostile/" + pstates.get(random.nextInt(pstates.size()));
      try {
        doors.command("PSTATE.SELECT", pstate, path.toString());
      } catch (JedisDataException refused) {
        assertThat(refused.getMessage())
            .as("seed=%d pstate=%s path=%s", seed, pstate, path)
            .matches("(?s)(PATH|SCHEMA) .*");
      }
    }
  }

  private static void everyTableCanBeRead(Doors doors) throws Exception {
    var tables =
        doors.rows(
            "select table_name from information_schema.tables where table_schema = 'hostile'");
    assertThat(tables).hasSizeGreaterThan(10);
    for (var table : tables) {
      doors.rows("select * from hostile.\"" + table.getFirst() + "\"");
    }
  }

  /** The same without doors, so that the journal can be folded again. */
  @Test
  void aReplayOfHostileEventsIsTheSame() {
    var seed = Seeds.next(1);
    var samples = new Samples(new SplittableRandom(seed));
    try (var engine = TestEngine.builder(new Hostile()).stagesPerRecord(3).start()) {
      for (var id = 1; id <= 600; id++) {
        var field = Samples.FIELDS.get(id % Samples.FIELDS.size());
        var direct =
            switch (field) {
              case "text" -> "texts";
              case "at" -> "times";
              case "real" -> "reals";
              case "half" -> "halves";
              default -> "packed";
            };
        for (var depot : List.of("sent", "packed", direct)) {
          try {
            engine.depot(depot).append(samples.nextJava(field).thing(id));
          } catch (InvalidEventException refused) {
            assertThat(refused.getMessage()).as("seed=%d", seed).isNotEmpty();
          }
        }
      }
      engine.housekeep();
      assertThat(Arrays.asList(engine.topology("store"), engine.topology("keys")))
          .as("seed=%d", seed)
          .allSatisfy(topology -> assertThat(topology.stopped()).isEmpty());
      assertThat(engine.topology("directly").stopped()).as("seed=%d", seed).isEmpty();
      var before = engine.digest();
      engine.crash();
      assertThat(engine.digest()).as("seed=%d", seed).isEqualTo(before);
      assertThat(engine.refoldFromZero()).as("seed=%d", seed).isEqualTo(before);
    }
  }
}
