package io.millrace.node.holds;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** One event cannot hold a node: PING, SQL and SIGTERM go on, and the stop is told. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HoldsIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** A limit of half a second, five by the clock, and what a busy machine adds. */
  private static final long LONGEST_PING_MS = 15_000;

  @TempDir Path dir;

  private static String topologies(GreedyServer server) throws SQLException {
    try (var sql = DriverManager.getConnection(server.jdbc(), "millrace", "");
        var statement = sql.createStatement();
        var rows =
            statement.executeQuery(
                "select status || ' ' || coalesce(error, '') || ' offset='"
                    + " || cast(stopped_at as varchar) from sys.topologies"
                    + " where status <> 'RUNNING'")) {
      var text = new StringBuilder();
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
      return text.toString();
    }
  }

  /** Partitions that have stopped, each with where and why. */
  private static long stopped(GreedyServer server) throws SQLException {
    return topologies(server)
        .lines()
        .filter(line -> line.startsWith("STOPPED ") && line.contains("offset="))
        .count();
  }

  private static int live(GreedyServer server) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(server.http() + "/health/live"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, BodyHandlers.ofString()).statusCode();
    }
  }

  private static void send(GreedyServer server, String kind) {
    try (var jedis = new Jedis("127.0.0.1", server.port(), 20_000)) {
      jedis.sendCommand(
          () -> "DEPOT.APPEND".getBytes(java.nio.charset.StandardCharsets.UTF_8),
          "greed",
          "{\"owner\":\"" + kind + "\",\"kind\":\"" + kind + "\"}");
    } catch (RuntimeException stoppedOrLate) {
      // What became of it is asked elsewhere.
      assertThat(stoppedOrLate).isNotNull();
    }
  }

  @Test
  void greedyEventsStopTheirPartitionsAndNothingElse() throws Exception {
    stopsOnly(List.of("loop", "itself", "children"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"recursion", "sleep", "appends", "array", "hoard", "deep"})
  @Tag("long")
  void aGreedyEventStopsItsPartitionAndNothingElse(String kind) throws Exception {
    stopsOnly(List.of(kind));
  }

  private void stopsOnly(List<String> kinds) throws Exception {
    try (var server = GreedyServer.start(dir)) {
      try (var pinger = new Pinger(server.port())) {
        for (var kind : kinds) {
          send(server, kind);
          Awaitility.await().atMost(SOON).until(() -> stopped(server) == kinds.indexOf(kind) + 1);
        }
        // What comes behind is answered, and not folded.
        kinds.forEach(kind -> send(server, kind));
        System.out.println("holds, " + kinds + ": " + pinger.summary());
        assertThat(pinger.failure()).isNull();
        assertThat(pinger.longestMs()).isLessThan(LONGEST_PING_MS);
        assertThat(stopped(server)).isEqualTo(kinds.size());
        assertThat(live(server)).isEqualTo(200);
        assertThat(server.log()).contains("stopped").contains("GreedyFolds");
      }
      assertThat(server.terminate()).isZero();
    }
    try (var server = GreedyServer.start(dir)) {
      assertThat(stopped(server)).isEqualTo(kinds.size());
      server.kill();
    }
    try (var server = GreedyServer.start(dir)) {
      assertThat(stopped(server)).isEqualTo(kinds.size());
    }
  }

  @Test
  void aSignalWhileAClientsShutdownRunsWaitsForItsEnd() throws Exception {
    try (var server = GreedyServer.start(dir)) {
      try (var jedis = new Jedis("127.0.0.1", server.port(), 20_000)) {
        jedis.set("kept", "1");
        jedis.shutdown();
      } catch (JedisConnectionException gone) {
        // It is closed by the shutdown.
        assertThat(gone).isNotNull();
      }
      assertThat(server.terminate()).isZero();
      assertThat(server.log()).contains("Bye");
    }
  }

  @Test
  void whatNothingCanEndIsToldAndSigtermStillWorks() throws Exception {
    isToldAndEnds("stuck");
  }

  @Test
  @Tag("long")
  void whatAnEventOfItsOwnBringsIsToldAndSigtermStillWorks() throws Exception {
    isToldAndEnds("getsStuck");
  }

  private void isToldAndEnds(String kind) throws Exception {
    try (var server = GreedyServer.start(dir)) {
      try (var jedis = new Jedis("127.0.0.1", server.port())) {
        jedis.set("kept", "1");
      }
      Thread.ofPlatform().daemon().start(() -> send(server, kind));
      Awaitility.await()
          .atMost(SOON)
          .until(() -> server.log().contains("a fold does not end and holds the node"));
      assertThat(server.log())
          .contains("greedy_folds/greedy")
          .contains("GreedyFolds.stuck")
          .contains("offset=");
      assertThat(live(server)).isEqualTo(503);
      assertThat(server.terminate()).isEqualTo(1);
    }
    try (var server = GreedyServer.start(dir)) {
      try (var jedis = new Jedis("127.0.0.1", server.port())) {
        assertThat(jedis.get("kept")).isEqualTo("1");
      }
      if (kind.equals("getsStuck")) {
        // Its event was to come behind one that is in the journal.
        Awaitility.await()
            .atMost(SOON)
            .until(() -> topologies(server).contains("held the node until that was ended"));
      }
      assertThat(live(server)).isEqualTo(200);
      assertThat(server.terminate()).isZero();
    }
  }
}
