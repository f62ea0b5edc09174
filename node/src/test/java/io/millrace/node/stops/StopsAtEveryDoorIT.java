package io.millrace.node.stops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A topology that stops is found at each door and from the command line, and ended there, over a
 * kill in between; afterwards the state is that of a run that never stopped.
 */
class StopsAtEveryDoorIT {
  private static final Pattern PARTITION = Pattern.compile("\"partition\":(\\d+)");
  private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");
  private static final String APPEND = "/depots/orders/placed/events";

  /** Ways to end a stop. */
  private enum Door {
    RESP,
    HTTP,
    CALL,
    JDBC_CALL,
    CLI_RESP,
    CLI_HTTP
  }

  /** A stop, and who is behind it. */
  private record Stop(int partition, long offset, long customer) {}

  @TempDir Path directory;

  /** What a clean run would have, by customer. */
  private final TreeMap<Long, Long> expected = new TreeMap<>();

  private static String order(long customer, long amount, boolean poison) {
    return "{\"customer\":%d,\"amount\":%d,\"poison\":%b}".formatted(customer, amount, poison);
  }

  /** Stops the topology on as many partitions as there are doors; orders go on behind the stops. */
  private List<Stop> poison(OrdersServer server, boolean counts) throws Exception {
    var stops = new ArrayList<Stop>();
    for (long customer = 1; stops.size() < Door.values().length; customer++) {
      assertThat(server.http("POST", APPEND, order(customer, 1, false)).statusCode())
          .isEqualTo(200);
      expected.merge(customer, 1L, Long::sum);
      var answer = server.http("POST", APPEND, order(customer, 10, true));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body())
          .contains("\"stopped\":[\"sums\"]")
          .contains("IllegalStateException: no such order: 10")
          .contains("POST /topologies/orders/sums/resume?depot=placed&partition=");
      if (counts) {
        expected.merge(customer, 10L, Long::sum);
      }
      var stop =
          new Stop(number(PARTITION, answer.body()), number(OFFSET, answer.body()), customer);
      if (stops.stream().anyMatch(known -> known.partition == stop.partition)) {
        // A second poisoned order behind a stop: it comes again when that one has been ended.
        assertThat(counts).as("only mended code folds it").isTrue();
      } else {
        stops.add(stop);
      }
      server.http("POST", APPEND, order(customer, 100, false));
      expected.merge(customer, 100L, Long::sum);
    }
    return stops;
  }

  private static int number(Pattern pattern, String text) {
    var found = pattern.matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return Integer.parseInt(found.group(1));
  }

  private static String ask(OrdersServer server, String... words) {
    try (var jedis = new Jedis("127.0.0.1", server.respPort(), 60_000)) {
      jedis.auth(OrdersServer.PASSWORD);
      var arguments =
          Arrays.stream(words)
              .skip(1)
              .map(word -> word.getBytes(StandardCharsets.UTF_8))
              .toArray(byte[][]::new);
      return text(jedis.sendCommand(() -> words[0].getBytes(StandardCharsets.UTF_8), arguments));
    } catch (JedisDataException refused) {
      return "-" + refused.getMessage();
    }
  }

  private static String text(Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case List<?> items -> items.stream().map(StopsAtEveryDoorIT::text).toList().toString();
      default -> String.valueOf(reply);
    };
  }

  private static List<String> sql(OrdersServer server, String query) throws SQLException {
    try (var connection = server.sql();
        var statement = connection.createStatement()) {
      var cells = new ArrayList<String>();
      if (statement.execute(query)) {
        try (var rows = statement.getResultSet()) {
          while (rows.next()) {
            cells.add(rows.getString(1));
          }
        }
      }
      return cells;
    }
  }

  /** Who inserts is told as well, at once and at COMMIT. */
  private static void insertsAreWarned(OrdersServer server, Stop stop) throws SQLException {
    var insert =
        "insert into orders.placed (customer, amount, poison) values ("
            + stop.customer
            + ", 0, false)";
    try (var connection = server.sql();
        var statement = connection.createStatement()) {
      for (var sql : List.of(insert, "begin; " + insert + "; commit")) {
        statement.execute(sql);
        var warning = statement.getWarnings();
        assertThat((Throwable) warning).as(sql).isNotNull();
        assertThat(warning.getSQLState()).isEqualTo("01000");
        assertThat(warning.getMessage())
            .contains("appended")
            .contains("not folded: the topology orders/sums has stopped")
            .contains("no such order: 10");
        assertThat(((org.postgresql.util.PSQLWarning) warning).getServerErrorMessage().getHint())
            .contains("call sys.resume('orders/sums')");
        statement.clearWarnings();
      }
    }
  }

  /** Every door tells the stops. */
  private static void found(OrdersServer server, List<Stop> stops) throws Exception {
    var count = stops.size();
    assertThat(ask(server, "TOPOLOGY", "LIST"))
        .contains("orders/sums, status, stopped")
        .contains("IllegalStateException: no such order: 10")
        .contains("offset, " + stops.getFirst().offset);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            ask(server, "INFO", "health").contains("health_topologies_stopped:value=" + count));
    assertThat(ask(server, "INFO", "topologies"))
        .contains("topology_orders/sums:status=stopped,stopped_partitions=" + count);
    var listed = server.http("GET", "/topologies", "").body();
    assertThat(listed).contains("\"status\":\"stopped\"").contains("no such order: 10");
    var ready = server.http("GET", "/health/ready", "");
    assertThat(ready.statusCode()).as("a stop is no reason to take the node away").isEqualTo(200);
    assertThat(ready.body()).contains("\"name\":\"topologies_stopped\",\"severity\":\"warning\"");
    assertThat(server.http("GET", "/health/live", "").statusCode()).isEqualTo(200);
    assertThat(server.http("GET", "/metrics", "").body())
        .contains("millrace_topology_stopped_partitions{topology=\"orders/sums\"} " + count)
        .contains("millrace_topology_lag{topology=\"orders/sums\"}")
        .contains("millrace_health_severity{fact=\"topologies_stopped\"} 1");
    for (var stop : stops) {
      assertThat(
              sql(
                  server,
                  "select stopped_at from sys.topologies where status = 'STOPPED' and attempts = 2"
                      + " and since is not null and place is not null and \"partition\" = "
                      + stop.partition))
          .containsExactly("" + stop.offset);
    }
    for (var door : List.of("--port", "--http-port")) {
      var cli = server.cli(door, "topology", "list");
      assertThat(cli.code()).as(cli.out()).isZero();
      assertThat(cli.out())
          .contains("orders/sums  stopped")
          .contains("depot=placed partition=" + stops.getFirst().partition + " ");
    }
  }

  /** Ends one stop by one door. */
  private static String end(OrdersServer server, Door door, String verb, Stop stop)
      throws Exception {
    var partition = "" + stop.partition;
    return switch (door) {
      case RESP ->
          ask(server, "TOPOLOGY", verb, "orders/sums", "DEPOT", "placed", "PARTITION", partition);
      case HTTP ->
          server
              .http(
                  "POST",
                  "/topologies/orders/sums/" + verb + "?depot=placed&partition=" + partition,
                  "")
              .body();
      case CALL ->
          sql(server, "call sys." + verb + "('orders/sums', 'placed', " + partition + ")")
              .toString();
      case JDBC_CALL -> {
        try (var connection = server.sql();
            var call = connection.prepareCall("{call sys." + verb + "(?, ?, ?)}")) {
          call.setString(1, "orders/sums");
          call.setString(2, "placed");
          call.setInt(3, stop.partition);
          call.execute();
          try (var rows = call.getResultSet()) {
            rows.next();
            yield rows.getString(1);
          }
        }
      }
      case CLI_RESP, CLI_HTTP -> {
        var port = door == Door.CLI_RESP ? "--port" : "--http-port";
        var cli =
            server.cli(
                port,
                "topology",
                verb,
                "orders/sums",
                "--depot",
                "placed",
                "--partition",
                partition);
        assertThat(cli.code()).as(cli.out()).isZero();
        yield cli.out();
      }
    };
  }

  private void stateIsThatOfACleanRun(OrdersServer server) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(
                    sql(
                        server,
                        "select cast(\"key\" as text) || '=' || cast(\"value\" as text) from"
                            + " orders.totals"))
                .containsExactlyInAnyOrderElementsOf(
                    expected.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .toList()));
    assertThat(ask(server, "TOPOLOGY", "LIST"))
        .contains("status, running")
        .doesNotContain("place, ");
  }

  @Test
  void mendedCodeIsResumedFromEveryDoorAfterAKill() throws Exception {
    List<Stop> stops;
    try (var server = OrdersServer.start(directory, false)) {
      stops = poison(server, true);
      found(server, stops);
      insertsAreWarned(server, stops.getFirst());
      assertThat(server.log())
          .as("the log has the stack of the user's code")
          .contains("java.lang.IllegalStateException: no such order: 10")
          .contains("Orders.java");
      assertThat(
              ask(
                  server,
                  "TOPOLOGY",
                  "RESUME",
                  "orders/sums",
                  "DEPOT",
                  "placed",
                  "PARTITION",
                  "" + stops.getFirst().partition))
          .as("the code is as it was")
          .contains("; but stopped again: ");
      server.kill();
    }
    try (var server = OrdersServer.start(directory, true)) {
      found(server, stops);
      for (var door : Door.values()) {
        var stop = stops.get(door.ordinal());
        assertThat(end(server, door, "resume", stop))
            .as(door.name())
            .contains("resumed orders/sums: depot=placed partition=" + stop.partition)
            .contains("offset=" + stop.offset)
            .contains("catching up from ");
      }
      stateIsThatOfACleanRun(server);
      server.kill();
    }
    try (var server = OrdersServer.start(directory, true)) {
      stateIsThatOfACleanRun(server);
    }
  }

  @Test
  void anEventIsGivenUpFromEveryDoorAndStaysSoAfterAKill() throws Exception {
    List<Stop> stops;
    try (var server = OrdersServer.start(directory, false)) {
      stops = distinct(server);
      found(server, stops);
      server.kill();
    }
    try (var server = OrdersServer.start(directory, false)) {
      for (var door : Door.values()) {
        var stop = stops.get(door.ordinal());
        assertThat(end(server, door, "skip", stop))
            .as(door.name())
            .contains("skipped orders/sums: depot=placed partition=" + stop.partition)
            .contains("dead_letter=");
      }
      server.kill();
    }
    try (var server = OrdersServer.start(directory, false)) {
      stateIsThatOfACleanRun(server);
      assertThat(sql(server, "select event_offset from sys.dead_letters"))
          .containsExactlyInAnyOrderElementsOf(
              stops.stream().map(stop -> "" + stop.offset).toList());
      refusals(server);
    }
  }

  /** One poisoned order a partition. */
  private List<Stop> distinct(OrdersServer server) throws Exception {
    var stops = new ArrayList<Stop>();
    for (long customer = 1; stops.size() < Door.values().length; customer++) {
      var place = server.http("POST", APPEND, order(customer, 1, false));
      expected.merge(customer, 1L, Long::sum);
      if (place.body().contains("\"stopped\"")) {
        continue;
      }
      var answer = server.http("POST", APPEND, order(customer, 10, true)).body();
      stops.add(new Stop(number(PARTITION, answer), number(OFFSET, answer), customer));
      server.http("POST", APPEND, order(customer, 100, false));
      expected.merge(customer, 100L, Long::sum);
    }
    return stops;
  }

  /** What is asked for wrongly is said to be wrong, with what there is. */
  private static void refusals(OrdersServer server) throws Exception {
    assertThat(ask(server, "TOPOLOGY", "RESUME", "orders/sums"))
        .startsWith("-NOTSTOPPED orders/sums has not stopped; it has stopped nowhere");
    assertThat(ask(server, "TOPOLOGY", "RESUME", "orders/none"))
        .isEqualTo("-ROUTE there is no topology 'orders/none'; there are orders/sums");
    assertThat(ask(server, "TOPOLOGY", "SKIP", "orders/sums", "DEPOT", "x", "PARTITION", "0"))
        .isEqualTo("-ROUTE orders/sums reads no depot 'x'; it reads placed");
    assertThat(ask(server, "TOPOLOGY", "SKIP", "orders/sums", "DEPOT", "placed", "PARTITION", "8"))
        .isEqualTo("-ROUTE there is no partition 8; there are partitions 0 to 7");
    assertThat(ask(server, "TOPOLOGY", "SKIP", "orders/sums")).startsWith("-ERR wrong number");
    assertThat(ask(server, "TOPOLOGY", "HELP")).contains("RESUME topology");
    var missing = server.http("POST", "/topologies/orders/none/resume", "");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).contains("there are orders/sums");
    assertThat(server.http("POST", "/topologies/orders/sums/resume", "").statusCode())
        .isEqualTo(409);
    assertThat(server.http("POST", "/topologies/orders/sums/skip", "").statusCode()).isEqualTo(400);
    assertThat(server.http("GET", "/topologies/orders/sums/skip", "").statusCode()).isEqualTo(405);
    assertThatThrownBy(() -> sql(server, "call sys.resume('orders/sums')"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55000"))
        .hasMessageContaining("has not stopped");
    assertThatThrownBy(() -> sql(server, "select sys.skip('orders/sums')"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42883"));
    assertThatThrownBy(() -> sql(server, "begin; call sys.resume('orders/sums')"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25001"));
    assertThat(server.cli("--port", "topology", "resume", "orders/sums").code()).isEqualTo(1);
    assertThat(server.cli("--http-port", "topology", "resume", "orders/sums").code()).isEqualTo(1);
    assertThat(server.cli("--port", "topology", "skip", "orders/sums").code()).isEqualTo(2);
    server.kill();
    var cli = server.cli("--port", "topology", "list");
    assertThat(cli.code()).as(cli.out()).isEqualTo(75);
    assertThat(server.cli("--http-port", "topology", "list").code()).isEqualTo(75);
  }
}
