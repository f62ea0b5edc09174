package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Table;
import io.millrace.engine.testing.TestEngine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // cells of rows may be null
class ModuleTablesTest {
  record Sold(String shop, long cents, Instant soldAt, List<String> tags) {}

  sealed interface Move {
    String shop();

    record Opened(String shop) implements Move {}

    record Closed(String shop, int reason) implements Move {}
  }

  static final class Shops implements EngineModule {
    @Override
    public void define(Definition def) {
      var sold = def.depot("sold", Sold.class).partitionBy(Sold::shop);
      var moves = def.depot("moves", Move.class).partitionBy(Move::shop);
      var turnover = def.pstate("turnover", Schema.map(STRING, LONG));
      var open = def.pstate("open", Schema.set(STRING));
      def.stream("turnover").from(sold).groupBy(Sold::shop).sum(turnover, Sold::cents);
      def.stream("open")
          .retries(0)
          .from(moves)
          .when(Move.Opened.class, (event, at) -> at.write(open).add(event.shop()))
          .when(
              Move.Closed.class,
              (event, at) -> {
                if (event.reason() == 13) {
                  throw new IllegalStateException("no such reason");
                }
                at.write(open).discard(event.shop());
              });
    }
  }

  private static Table table(TestEngine engine, String name) {
    return engine.engine().tables().stream()
        .filter(table -> (table.schema() + "." + table.name()).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void append(Table table, List<Object[]> rows) {
    table.append(List.of(table.prepare(rows)));
  }

  private static List<List<Object>> rows(TestEngine engine, String name) {
    var table = table(engine, name);
    var columns = IntStream.range(0, table.columns().size()).toArray();
    var batch = new Object[3][columns.length];
    var rows = new ArrayList<List<Object>>();
    try (var snapshot = engine.engine().snapshot();
        var cursor = table.scan(snapshot, new ScanRequest(columns, null, null))) {
      for (var count = cursor.next(batch); count > 0; count = cursor.next(batch)) {
        for (var i = 0; i < count; i++) {
          rows.add(new ArrayList<>(Arrays.asList(batch[i])));
        }
      }
    }
    return rows;
  }

  @Test
  void insertingIntoADepotAppendsEventsThatAreFolded() {
    try (var engine = TestEngine.start(new Shops())) {
      var sold = table(engine, "shops.sold");
      assertThat(sold.appendable()).isTrue();
      assertThat(sold.columns())
          .extracting(Column::name)
          .containsExactly(
              "shop", "cents", "sold_at", "tags", "partition_id", "event_offset", "appended_at");
      append(
          sold,
          List.of(
              new Object[] {"a", 5L, 1_700_000_000_000L, "[\"x\"]", null, null, null},
              new Object[] {"b", 7L, 1_700_000_000_000L, "[]", null, null, null},
              new Object[] {"a", 6L, 1_700_000_000_000L, "[]", null, null, null}));
      assertThat(engine.pstate("turnover").get(key("a"))).isEqualTo(11L);
      assertThat(rows(engine, "shops.turnover"))
          .containsExactlyInAnyOrder(List.of("a", 11L), List.of("b", 7L));
      assertThat(rows(engine, "shops.sold"))
          .hasSize(3)
          .anySatisfy(row ->
              assertThat(row.subList(0, 4))
                  .containsExactly("a", 5L, 1_700_000_000_000L, "[\"x\"]"));
      assertThatThrownBy(() ->
              sold.prepare(List.<Object[]>of(new Object[] {"a", null, 1L, "[]", null, null, null})))
          .isInstanceOf(InvalidEventException.class)
          .hasMessage("field 'cents' is missing");
    }
  }

  @Test
  void aDepotOfSeveralTypesShowsTypeAndBodyAndASetIsATable() {
    try (var engine = TestEngine.start(new Shops())) {
      engine.depot("moves").append(new Move.Opened("a"));
      engine.depot("moves").append(new Move.Opened("b"));
      append(
          table(engine, "shops.moves"),
          List.<Object[]>of(
              new Object[] {"closed", "{\"shop\":\"a\",\"reason\":1}", null, null, null}));
      assertThat(rows(engine, "shops.moves"))
          .extracting(row -> row.getFirst())
          .containsExactlyInAnyOrder("opened", "opened", "closed");
      assertThat(rows(engine, "shops.open")).containsExactly(List.of("b"));
      assertThat(engine.pstate("open").get(io.millrace.engine.path.Path.contains("b")))
          .isEqualTo(true);
    }
  }

  @Test
  void stoppedTopologiesAndDeadLettersAreRows() {
    try (var engine = TestEngine.start(new Shops())) {
      engine.depot("moves").append(new Move.Closed("a", 13));
      assertThat(rows(engine, "sys.topologies"))
          .filteredOn(row -> row.contains("STOPPED"))
          .singleElement()
          .satisfies(row ->
              assertThat(row.subList(9, 14))
                  .satisfiesExactly(
                      error -> assertThat(error).isEqualTo("IllegalStateException: no such reason"),
                      place ->
                          assertThat(place.toString()).startsWith("each (ModuleTablesTest.java:"),
                      stoppedAt -> assertThat(stoppedAt).isEqualTo(0L),
                      attempts -> assertThat(attempts).isEqualTo(1L),
                      since -> assertThat(since).isEqualTo(engine.clock().getAsLong())));
      engine.topology("open").skip();
      assertThat(rows(engine, "sys.topologies")).noneMatch(row -> row.contains("STOPPED"));
      assertThat(rows(engine, "sys.dead_letters"))
          .singleElement()
          .satisfies(row -> assertThat(row).contains("shops", "open", "moves", "skip"));
    }
  }
}
