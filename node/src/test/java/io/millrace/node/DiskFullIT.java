package io.millrace.node;

import static io.millrace.node.LocalNode.column;
import static io.millrace.node.LocalNode.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fills up under a whole node, on a small file system of its own: each door refuses in
 * its own words and goes on reading; when there is space again it takes writes without a restart,
 * and what was acknowledged is there.
 */
class DiskFullIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BALLAST = 256 << 10;
  private static final String PADDING = "x".repeat(20_000);

  @TempDir Path root;
  private @Nullable SmallDisk small;
  private Path disk;
  private final List<String> keys = new ArrayList<>();
  private final List<Long> policies = new ArrayList<>();
  private long next;

  @BeforeEach
  void mount() throws Exception {
    try {
      small = SmallDisk.make(root);
      disk = small.root();
    } catch (SmallDisk.Unavailable e) {
      Assumptions.abort("not run: " + e.getMessage());
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (small != null) {
      small.close();
    }
  }

  private LocalNode start(String... more) throws IOException {
    var settings = new ArrayList<>(List.of("--journal-segment-bytes", "1mb"));
    settings.addAll(List.of(more));
    return LocalNode.start(disk.resolve("data"), settings.toArray(String[]::new));
  }

  @Test
  void everyDoorRefusesReadsAndTakesWritesAgainAndNothingAcknowledgedIsLost() throws Exception {
    try (var node = start();
        var sql = node.sql()) {
      assertThat(set(node)).isEqualTo("+OK");
      assertThat(issue(node)).isEqualTo(200);
      assertThat(insert(sql)).isEqualTo("00000");

      var reserve = disk.resolve("data/journal/reserve");
      Awaitility.await("the journal's reserve").atMost(PATIENCE).until(() -> Files.exists(reserve));
      fill();
      Awaitility.await("full for each door")
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(set(node)).startsWith("-MISCONF");
            assertThat(issue(node)).isEqualTo(507);
            assertThat(insert(sql)).isEqualTo("53100");
          });
      assertThat(get(node, keys.getFirst())).startsWith("$");
      assertThat(column(sql, "select count(*) from policies.grid"))
          .containsExactly(Integer.toString(policies.size()));
      var read =
          node.http("GET", "/pstates/policies/grid?path=%5B" + policies.getFirst() + "%5D", "");
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(node.http("GET", "/metrics", "").body()).contains("millrace_disk_full 1.0");

      Files.delete(disk.resolve("ballast"));
      Awaitility.await("space again")
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(set(node)).isEqualTo("+OK");
            assertThat(issue(node)).isEqualTo(200);
            assertThat(insert(sql)).isEqualTo("00000");
          });
      allIsThere(node, sql);
    }
    try (var node = start();
        var sql = node.sql()) {
      allIsThere(node, sql);
    }
  }

  @Test
  void aNodeThatCannotWriteItsLastRecordsStopsWithoutThemAndStartsAgain() throws Exception {
    var node = start("--checkpoint-seconds", "1");
    var waited = false;
    try {
      assertThat(set(node)).isEqualTo("+OK");
      assertThat(issue(node)).isEqualTo(200);
      fill();
      var held = Thread.ofVirtual().start(() -> holdOne(node));
      Awaitility.await("a full disk")
          .atMost(PATIENCE)
          .until(() -> node.http("GET", "/metrics", "").body().contains("millrace_disk_full 1.0"));
      assertThat(set(node)).startsWith("-MISCONF");
      waited = held.isAlive();
    } finally {
      if (waited) {
        assertThatThrownBy(node::close)
            .isInstanceOf(CommandFailure.class)
            .hasMessageMatching("(?s).*(No space left|disk is full).*");
      } else {
        // It was refused before it was executed: nothing is missing.
        node.close();
      }
    }
    Files.delete(disk.resolve("ballast"));
    try (var again = start();
        var sql = again.sql()) {
      allIsThere(again, sql);
      assertThat(set(again)).isEqualTo("+OK");
    }
  }

  /** A write that is executed and cannot be written: its client gets no answer. */
  private static void holdOne(LocalNode node) {
    try {
      assertThat(command(node, "SET held " + PADDING)).isNotEqualTo("+OK");
    } catch (IOException gone) {
      assertThat(gone).isNotNull();
    }
  }

  /** Takes all space there is. */
  private void fill() throws IOException {
    try (var out = Files.newOutputStream(disk.resolve("ballast"))) {
      var piece = new byte[BALLAST];
      for (var size = BALLAST; size >= 512; size /= 2) {
        fill(out, piece, size);
      }
    }
  }

  private static void fill(OutputStream out, byte[] piece, int size) {
    try {
      while (true) {
        out.write(piece, 0, size);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private String set(LocalNode node) throws IOException {
    var key = "key" + next++;
    var answer = command(node, "SET " + key + " " + PADDING);
    if (answer.equals("+OK")) {
      keys.add(key);
    }
    return answer;
  }

  private static String get(LocalNode node, String key) throws IOException {
    return command(node, "GET " + key);
  }

  private static String command(LocalNode node, String line) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.node().respPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return String.valueOf(in.readLine());
    }
  }

  private int issue(LocalNode node) throws IOException, InterruptedException {
    var id = ++next;
    var status = node.issue(id, "folded").statusCode();
    if (status == 200) {
      policies.add(id);
    }
    return status;
  }

  private String insert(Connection sql) {
    var id = ++next;
    try {
      execute(
          sql,
          "insert into policies.events (event_type, body) values ('policy_issued', '{\"policyId\":"
              + id
              + ",\"happenedAt\":1,\"firstName\":\"A\",\"lastName\":\"B\",\"carrier\":\"C\","
              + "\"premiumCents\":1,\"renewsOn\":\"2030-01-01\"}')");
      policies.add(id);
      return "00000";
    } catch (SQLException refused) {
      return String.valueOf(refused.getSQLState());
    }
  }

  private void allIsThere(LocalNode node, Connection sql) throws Exception {
    assertThat(column(sql, "select key from policies.grid order by key"))
        .containsExactlyElementsOf(policies.stream().sorted().map(String::valueOf).toList());
    for (var key : keys) {
      assertThat(get(node, key)).as(key).isEqualTo("$" + PADDING.length());
    }
  }
}
