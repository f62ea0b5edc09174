package io.millrace.engine.internal.plan;

import static io.millrace.engine.pstate.Scalar.DOUBLE;
import static io.millrace.engine.pstate.Scalar.INSTANT;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.internal.codec.KeyText;
import io.millrace.engine.internal.codec.RandomValues;
import io.millrace.engine.internal.codec.RecordLayout;
import io.millrace.engine.internal.codec.TextValues;
import io.millrace.engine.internal.codec.Values;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.tree.HeapTaskState;
import io.millrace.engine.tree.TreeShape;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PStateTableTest {
  record Policy(String firstName, @Nullable String lastName, double premium, Instant modified) {}

  private static final StoreShape TINY =
      new StoreShape(TreeShape.keyed(128, 48, 3), TreeShape.positional(128, 48, 3), 10_000);

  @Test
  void aMapOfRecordsIsATableOfItsKeyAndFields() {
    var schema = Schema.map(LONG, Schema.of(Policy.class));
    var states = IntStream.range(0, 4).mapToObj(HeapTaskState::new).toList();
    var store = new PStateStore("insurance/policies", schema, 1, 2, 3);
    for (var id = 0L; id < 500; id++) {
      var policy = new Policy("f" + id % 7, id % 3 == 0 ? null : "l", id / 2.0, at(id));
      store.write(
          states.get(KeyText.task(LONG, id, 4)), store.write(Path.key(id), Terminal.set(policy)));
    }
    var table = PStateTables.of(store, "insurance", "policies", false).getFirst();
    assertThat(table.schema() + "." + table.name()).isEqualTo("insurance.policies");
    assertThat(table.columns().stream().map(column -> column.name() + " " + column.type()))
        .containsExactly(
            "key LONG",
            "first_name TEXT",
            "last_name TEXT",
            "premium DOUBLE",
            "modified TIMESTAMP");
    assertThat(table.key()).containsExactly(0);
    var snapshot = new HeapSnapshot(states);
    assertThat(table.rowCount(snapshot)).isEqualTo(500);
    assertThat(rows(table, snapshot, null, null)).hasSize(500);
    assertThat(rows(table, snapshot, new Object[] {42L}, new Object[] {42L}))
        .containsExactly(Arrays.asList(42L, "f0", null, 21.0, 42L));
    assertThat(rows(table, snapshot, new Object[] {490L}, null)).hasSize(10);
    assertThat(filtered(table, snapshot)).isEqualTo(71);
  }

  private static Instant at(long ms) {
    return Instant.ofEpochMilli(ms);
  }

  /** Rows with first_name = 'f3', found without decoding. */
  private static int filtered(PagedTable table, HeapSnapshot snapshot) {
    var wanted = "f3".getBytes(StandardCharsets.UTF_8);
    var slice = new ByteSlice();
    var hits = 0;
    for (var task = 0; task < snapshot.tasks(); task++) {
      try (var pages = table.pages(snapshot, task, null, null)) {
        var row = pages.row();
        while (pages.next()) {
          for (var i = 0; i < pages.rows(); i++) {
            pages.at(i);
            row.getBytes(1, slice);
            if (!row.isNull(1) && slice.contentEquals(wanted)) {
              assertThat(row.getLong(4)).isEqualTo(row.getLong(0));
              assertThat(row.getDouble(3)).isEqualTo(row.getLong(0) / 2.0);
              hits++;
            }
          }
        }
      }
    }
    return hits;
  }

  @Test
  void subindexedFieldsAreChildTablesBelowTheKeysOfTheirParents() {
    var schema =
        Schema.map(
            STRING,
            Schema.record(
                Schema.field("name", STRING),
                Schema.field("tags", Schema.set(STRING)),
                Schema.field("posts", Schema.map(INSTANT, DOUBLE).subindexed()),
                Schema.field("visits", Schema.list(LONG).subindexed())));
    var store = new PStateStore("m/users", schema, 1, 2, 3);
    var tables = PStateTables.of(store, "m", "users", true);
    assertThat(
            tables.stream()
                .map(table ->
                    table.name() + table.columns().stream().map(column -> column.name()).toList()))
        .containsExactly(
            "users[key, name, tags]",
            "users_posts[key, key2, value]",
            "users_visits[key, index, value]");
    var state = new HeapTaskState(0);
    store.write(state, store.write(Path.key("a", "name"), Terminal.set("Ann")));
    store.write(state, store.write(Path.key("a", "tags"), Terminal.add("x")));
    store.write(state, store.write(Path.key("a", "posts", at(5)), Terminal.set(1.5)));
    store.write(state, store.write(Path.key("b", "posts", at(6)), Terminal.set(2.5)));
    store.write(state, store.write(Path.key("b", "visits"), Terminal.append(7)));
    var snapshot = new HeapSnapshot(List.of(state));
    assertThat(rows(tables.get(0), snapshot, null, null))
        .containsExactly(Arrays.asList("a", "Ann", "[\"x\"]"), Arrays.asList("b", null, null));
    assertThat(rows(tables.get(1), snapshot, null, null))
        .containsExactly(List.of("a", 5L, 1.5), List.of("b", 6L, 2.5));
    assertThat(rows(tables.get(1), snapshot, new Object[] {"b"}, new Object[] {"b"}))
        .containsExactly(List.of("b", 6L, 2.5));
    assertThat(rows(tables.get(2), snapshot, null, null)).containsExactly(List.of("b", 0L, 7L));
    assertThat(tables.get(1).rowCount(snapshot)).isEqualTo(2);
  }

  @Test
  void tablesShowWhatThePStateHolds() {
    var seed = Seeds.next();
    var root = new SplittableRandom(seed);
    for (var i = 0; i < 600; i++) {
      var random = new RandomValues(root.split());
      var schema = new RandomPaths(random).pstate();
      var store = new PStateStore("m/p", schema, 1, 2, 3, TINY);
      var state = new HeapTaskState(0);
      Object value = null;
      for (var n = 0; n < 3; n++) {
        value = Values.normalize(schema, random.present(schema));
        store.write(state, store.write(Path.here(), Terminal.set(value)));
      }
      var snapshot = new HeapSnapshot(List.of(state));
      for (var table : PStateTables.of(store, "m", "p", true)) {
        var expected = expected(schema, value, table.name());
        var actual = rows(table, snapshot, null, null);
        assertThat(text(actual))
            .as("seed=%s case=%s table=%s %s\n%s", seed, i, table.name(), schema.toJson(), value)
            .isEqualTo(text(expected));
        bounds(table, snapshot, actual, random, "seed=" + seed + " case=" + i);
      }
    }
  }

  private static void bounds(
      PagedTable table,
      HeapSnapshot snapshot,
      List<List<@Nullable Object>> all,
      RandomValues random,
      String as) {
    if (all.isEmpty() || table.key().isEmpty()) {
      return;
    }
    var parts = 1 + random.upTo(table.key().size());
    var wanted = random.pick(all).subList(0, parts);
    var bounds = wanted.toArray();
    var found = text(rows(table, snapshot, bounds, bounds));
    for (var row : all) {
      if (Values.equal(row.subList(0, parts), wanted)) {
        assertThat(found)
            .as("%s table=%s bounds=%s", as, table.name(), wanted)
            .contains(text(List.of(row)).getFirst());
      }
    }
    assertThat(text(all)).as(as).containsSubsequence(found);
  }

  private static List<String> text(List<List<@Nullable Object>> rows) {
    return rows.stream().map(row -> TextValues.json(row)).toList();
  }

  private static List<List<@Nullable Object>> rows(
      PagedTable table, HeapSnapshot snapshot, Object @Nullable [] low, Object @Nullable [] high) {
    var columns = IntStream.range(0, table.columns().size()).toArray();
    var rows = new ArrayList<List<@Nullable Object>>();
    var batch = new Object[7][columns.length];
    try (var cursor = table.scan(snapshot, new ScanRequest(columns, low, high))) {
      for (var n = cursor.next(batch); n > 0; n = cursor.next(batch)) {
        for (var i = 0; i < n; i++) {
          rows.add(Arrays.asList(batch[i].clone()));
        }
      }
    }
    return rows;
  }

  /** The rows of a table, computed from the plain value. */
  private static List<List<@Nullable Object>> expected(
      Schema schema, @Nullable Object value, String table) {
    var rows = new LinkedHashMap<String, List<List<@Nullable Object>>>();
    if (schema instanceof Scalar || schema instanceof RecordSchema) {
      row(rows, "p", List.of(), schema, value);
    } else {
      tree(rows, "p", List.of(), schema, value);
    }
    return rows.getOrDefault(table, List.of());
  }

  private static void tree(
      Map<String, List<List<@Nullable Object>>> rows,
      String name,
      List<@Nullable Object> keys,
      Schema schema,
      @Nullable Object value) {
    switch (schema) {
      case MapSchema map ->
          ((Map<?, ?>) (value == null ? Map.of() : value))
              .forEach((key, element) ->
                  element(rows, name, keys(keys, map.key(), key), map.value(), element));
      case SetSchema set ->
          ((Collection<?>) (value == null ? List.of() : value))
              .forEach(element ->
                  rows.computeIfAbsent(name, _ -> new ArrayList<>())
                      .add(keys(keys, set.element(), element)));
      case ListSchema list -> {
        var index = 0L;
        for (var element : (List<?>) (value == null ? List.of() : value)) {
          element(rows, name, keys(keys, LONG, index++), list.element(), element);
        }
      }
      case Scalar _, RecordSchema _ -> throw new AssertionError(schema);
    }
  }

  private static void element(
      Map<String, List<List<@Nullable Object>>> rows,
      String name,
      List<@Nullable Object> keys,
      Schema schema,
      @Nullable Object value) {
    if (schema.isSubindexed()) {
      tree(rows, name, keys, schema, value);
    } else {
      row(rows, name, keys, schema, value);
    }
  }

  private static void row(
      Map<String, List<List<@Nullable Object>>> rows,
      String name,
      List<@Nullable Object> keys,
      Schema schema,
      @Nullable Object value) {
    var row = new ArrayList<>(keys);
    if (schema instanceof RecordSchema record) {
      fields(rows, name, keys, row, record, value);
    } else {
      row.add(cell(schema, value));
    }
    rows.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
  }

  private static void fields(
      Map<String, List<List<@Nullable Object>>> rows,
      String name,
      List<@Nullable Object> keys,
      List<@Nullable Object> row,
      RecordSchema record,
      @Nullable Object value) {
    var shape = RecordLayout.of(record);
    for (var f = 0; f < record.fields().size(); f++) {
      var field = record.fields().get(f);
      var content = value == null ? null : shape.get(value, f);
      if (field.schema().isSubindexed()) {
        tree(rows, name + "_" + field.name(), keys, field.schema(), content);
      } else if (field.schema().hasSubindexedParts()) {
        fields(rows, name + "_" + field.name(), keys, row, (RecordSchema) field.schema(), content);
      } else {
        row.add(cell(field.schema(), content));
      }
    }
  }

  private static List<@Nullable Object> keys(
      List<@Nullable Object> above, Schema schema, Object key) {
    var longer = new ArrayList<>(above);
    if (schema instanceof RecordSchema record) {
      var shape = RecordLayout.of(record);
      for (var f = 0; f < record.fields().size(); f++) {
        longer.add(cell(record.fields().get(f).schema(), shape.get(key, f)));
      }
    } else {
      longer.add(cell(schema, key));
    }
    return longer;
  }

  private static @Nullable Object cell(Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return ColumnSource.type(schema) == ColumnType.JSON
        ? TextValues.json(value)
        : switch (value) {
          case Instant instant -> instant.toEpochMilli();
          case java.util.UUID uuid -> uuid.toString();
          default -> value;
        };
  }
}
