package io.millrace.node.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with few descriptors, all of whose doors are flooded: old clients go on, the journal
 * rolls, checkpoints are made, and when the flood is over new clients come in.
 */
class DescriptorsIT {
  private static final int LIMIT = 400;
  private static final int FLOOD = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private int sqlPort;
  private int httpPort;

  private CrashServer start() throws IOException {
    sqlPort = CrashServer.freePort();
    httpPort = CrashServer.freePort();
    return CrashServer.start(
        List.of("bash", "-c", "ulimit -n " + LIMIT + "; exec \"$@\"", "node"),
        directory,
        List.of(),
        Map.of(
            "sql-port",
            Integer.toString(sqlPort),
            "http-port",
            Integer.toString(httpPort),
            "dir",
            directory.resolve("data").toString(),
            "hot-memory",
            "8mb",
            "checkpoint-bytes",
            "1mb",
            "journal-segment-bytes",
            "64kb"));
  }

  private Connection sql() throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + sqlPort + "/millrace?loginTimeout=20", "millrace", "");
  }

  private static String keys(Connection sql) throws Exception {
    try (var statement = sql.createStatement();
        var rows = statement.executeQuery("select count(*) from redis.strings")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private int ready(HttpClient http) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/health/ready"))
            .build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  private void awaitReady() {
    try (var http = HttpClient.newHttpClient()) {
      Awaitility.await("all doors")
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> ready(http) == 200);
    }
  }

  @Test
  @Timeout(400)
  void aFloodAtEveryDoorTakesNoDescriptorThatFilesNeed() throws Exception {
    var flood = new ArrayList<Socket>();
    try (var server = start()) {
      awaitReady();
      try (var wire = server.connect();
          var sql = sql();
          var http = HttpClient.newHttpClient()) {
        assertThat(wire.call("SET", "k0", "v")).isEqualTo("OK");
        assertThat(keys(sql)).isEqualTo("1");
        assertThat(ready(http)).isEqualTo(200);
        for (var port : List.of(server.port(), sqlPort, httpPort)) {
          flood(port, flood);
        }
        var value = "x".repeat(2_000);
        for (int i = 0; i < 2_000; i++) {
          assertThat(wire.call("SET", "k" + i, value)).isEqualTo("OK");
        }
        assertThat(wire.call("SAVE")).isEqualTo("OK");
        assertThat(keys(sql)).isEqualTo("2000");
        assertThat(ready(http)).isEqualTo(200);
        assertThat(server.alive()).isTrue();
        assertThat(Files.readString(directory.resolve("server.log")))
            .contains("maxclients has been reduced to")
            .doesNotContain("Too many open files");
        for (var socket : flood) {
          socket.close();
        }
        Awaitility.await("new clients")
            .atMost(PATIENCE)
            .ignoreExceptions()
            .untilAsserted(() -> {
              try (var late = server.connect();
                  var lateSql = sql()) {
                assertThat(late.call("GET", "k7")).isEqualTo(value);
                assertThat(keys(lateSql)).isEqualTo("2000");
              }
            });
      }
      server.kill();
    }
    try (var again = start();
        var wire = again.connect()) {
      assertThat(wire.call("DBSIZE")).isEqualTo(2_000L);
    }
  }

  private static void flood(int port, List<Socket> flood) {
    for (int i = 0; i < FLOOD; i++) {
      try {
        flood.add(new Socket(InetAddress.getLoopbackAddress(), port));
      } catch (IOException refused) {
        return;
      }
    }
  }
}
