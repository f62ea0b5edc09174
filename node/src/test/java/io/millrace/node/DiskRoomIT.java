package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that writes fill up: they are refused while there is still room for the checkpoint that
 * gives the journal's space back, and every door and probe tells so.
 */
class DiskRoomIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long REFUSED_FOR_GOOD_NANOS = 6_000_000_000L;
  private static final int BALLAST = 20 << 20;
  private static final int BYTES = 20_000;

  @TempDir Path root;
  private @Nullable SmallDisk small;
  private Path disk;
  private final SplittableRandom random = new SplittableRandom(7);
  private final List<String> keys = new ArrayList<>();

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

  private LocalNode start() throws IOException {
    return LocalNode.start(disk.resolve("data"), "--journal-segment-bytes", "1mb");
  }

  @Test
  @Timeout(600)
  void writesAreRefusedBeforeTheNextCheckpointCannotBeWritten() throws Exception {
    Files.write(disk.resolve("ballast"), new byte[BALLAST]);
    var node = start();
    try {
      var reserve = disk.resolve("data/journal/reserve");
      Awaitility.await("the journal's reserve").atMost(PATIENCE).until(() -> Files.exists(reserve));
      fill(node);
      assertThat(reserve).as("refused before the reserve is needed").exists();
      assertThat(node.node().engine().checkpoint()).as("its room was kept").isPositive();
      assertThat(node.node().engine().status().checkpoints()).isGreaterThan(1);
      fill(node);
      tells(node, false);
      allIsThere(node);
      node.node().engine().abandon();
    } finally {
      node.close();
    }
    try (var again = start()) {
      allIsThere(again);
      Files.delete(disk.resolve("ballast"));
      Awaitility.await("writes with space").atMost(PATIENCE).until(() -> set(again).equals("+OK"));
      assertThat(again.node().engine().checkpoint()).isPositive();
      Awaitility.await("told").atMost(PATIENCE).untilAsserted(() -> tells(again, true));
      allIsThere(again);
    }
  }

  /** Writes until nothing is taken any more although checkpoints go on. */
  private void fill(LocalNode node) throws IOException {
    long taken = System.nanoTime();
    while (System.nanoTime() - taken < REFUSED_FOR_GOOD_NANOS) {
      var answer = set(node);
      if (answer.equals("+OK")) {
        taken = System.nanoTime();
      } else {
        assertThat(answer).startsWith("-MISCONF");
      }
    }
  }

  private void tells(LocalNode node, boolean well) throws Exception {
    var ready = node.http("GET", "/health/ready", "");
    assertThat(ready.statusCode()).isEqualTo(well ? 200 : 503);
    assertThat(ready.body()).contains("disk_full").contains("disk_free_bytes");
    assertThat(node.http("GET", "/health/live", "").statusCode()).isEqualTo(200);
    var metrics = node.http("GET", "/metrics", "").body();
    assertThat(metrics)
        .contains("millrace_disk_full " + (well ? "0.0" : "1.0"))
        .contains("millrace_health_value{fact=\"disk_free_bytes\"}")
        .contains("millrace_health_value{fact=\"descriptors_used\"}");
    var info = info(node);
    assertThat(info)
        .contains("aof_last_write_status:" + (well ? "ok" : "err"))
        .contains("rdb_last_bgsave_status:ok");
    assertThat(info).doesNotContain("rdb_last_save_time:0\r\n");
  }

  private static String info(LocalNode node) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.node().respPort())) {
      socket
          .getOutputStream()
          .write("INFO persistence\r\nQUIT\r\n".getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String set(LocalNode node) throws IOException {
    var key = "key" + keys.size();
    var value = new byte[BYTES / 2];
    random.nextBytes(value);
    var answer = command(node, "SET " + key + " " + HexFormat.of().formatHex(value));
    if (answer.equals("+OK")) {
      keys.add(key);
    }
    return answer;
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

  private void allIsThere(LocalNode node) throws IOException {
    for (var key : keys) {
      assertThat(command(node, "STRLEN " + key)).as(key).isEqualTo(":" + BYTES);
    }
  }
}
