package io.millrace.node.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.LocalNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Paths that lead to much: read without holding up everybody else, and complete. */
class LargePathReadsIT {
  private static final int ITEMS = 120_000;
  private static final int PER_EVENT = 4_000;
  private static final String ALL = "[7, {\"vals\": true}]";

  @TempDir Path directory;
  private LocalNode node;

  @BeforeEach
  void start() throws Exception {
    node = LocalNode.start(directory, "--modules", "shelves");
    try (var jedis = jedis()) {
      for (var from = 0; from < ITEMS; from += PER_EVENT) {
        fill(jedis, from, PER_EVENT);
      }
    }
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Jedis jedis() {
    return new Jedis("127.0.0.1", node.node().respPort(), 60_000);
  }

  private static Object call(Jedis jedis, String... words) {
    var arguments = new byte[words.length - 1][];
    for (var i = 1; i < words.length; i++) {
      arguments[i - 1] = words[i].getBytes(StandardCharsets.UTF_8);
    }
    return jedis.sendCommand(() -> words[0].getBytes(StandardCharsets.UTF_8), arguments);
  }

  private static void fill(Jedis jedis, int from, int count) {
    var event = "{\"shelf\":7,\"from\":%d,\"count\":%d}".formatted(from, count);
    assertThat(call(jedis, "DEPOT.APPEND", "shelves/fills", event)).isInstanceOf(List.class);
  }

  @Test
  void everythingUnderAKeyIsReadWithWhatTheSameClientWroteBefore() {
    try (var jedis = jedis()) {
      for (var more = 1; more <= 5; more++) {
        fill(jedis, ITEMS + more, 1);
        assertThat((List<?>) call(jedis, "PSTATE.SELECT", "shelves/items", ALL))
            .hasSize(ITEMS + more);
      }
      assertThat((List<?>) call(jedis, "PSTATE.SELECT", "shelves/items", "[8, {\"vals\": true}]"))
          .isEmpty();
    }
  }

  @Test
  void othersAreServedInBetween() throws Exception {
    try (var reader = jedis();
        var other = jedis()) {
      var reading =
          CompletableFuture.supplyAsync(() -> {
            var sizes = 0;
            for (var i = 0; i < 10; i++) {
              sizes += ((List<?>) call(reader, "PSTATE.SELECT", "shelves/items", ALL)).size();
            }
            return sizes;
          });
      var served = 0;
      while (!reading.isDone()) {
        other.set("k" + served, "v");
        served++;
      }
      assertThat(reading.get()).isEqualTo(10 * ITEMS);
      // With the lock held for each whole read it was one write for each of them.
      assertThat(served).isGreaterThan(100);
    }
  }

  @Test
  void httpAnswersTheSame() throws Exception {
    var answer = node.http("POST", "/pstates/shelves/items", ALL);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("{\"values\":[\"item 0\",").endsWith("\"]}\n");
    assertThat(answer.body().split(",")).hasSize(ITEMS);
    var some = node.http("POST", "/pstates/shelves/items", "[7, 3]");
    assertThat(some.body()).isEqualTo("{\"values\":[\"item 3\"]}\n");
  }

  @Test
  void aPathThatFailsHalfWayIsAnErrorAndNothingElse() throws Exception {
    var path = "[7]";
    var http = node.http("POST", "/pstates/shelves/items", path);
    assertThat(http.statusCode()).isEqualTo(400);
    assertThat(http.body()).contains("is not read whole beyond").doesNotContain("values");
    try (var jedis = jedis()) {
      assertThat(jedis.ping()).isEqualTo("PONG");
    }
  }
}
