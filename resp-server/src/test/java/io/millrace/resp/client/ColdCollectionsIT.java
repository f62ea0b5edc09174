package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.state.NotResidentException;
import io.millrace.resp.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that read a whole collection of which most pages are on disk only. */
final class ColdCollectionsIT {
  private static final int HOT_BYTES = 8 << 20;

  @TempDir private Path directory;

  private TestNode node() throws IOException {
    return TestNode.start(
        directory, 1, Map.of(), config -> config.withTasks(4).withMemory(HOT_BYTES, 1 << 20));
  }

  private static void fill(Wire wire, String key, int members) throws IOException {
    for (int from = 0; from < members; from += 500) {
      List<String> command = new ArrayList<>(List.of("SADD", key));
      for (int i = from; i < from + 500; i++) {
        command.add("member:" + i + ":" + "x".repeat(80));
      }
      wire.ask(command.toArray(String[]::new));
    }
    wire.node.engine().checkpoint();
  }

  private static void evict(Wire wire) throws IOException {
    for (int i = 0; i < 12_000; i++) {
      wire.ask("SET", "other:" + i, "y".repeat(1_000));
      if (i % 2_000 == 0) {
        wire.node.engine().checkpoint();
      }
    }
    wire.node.engine().checkpoint();
    wire.node.engine().housekeep();
  }

  @Test
  @Timeout(60)
  void aCollectionThatFitsIsReadWholeInOneGo() throws IOException {
    try (var wire = new Wire(node())) {
      fill(wire, "some", 20_000);
      evict(wire);
      long began = System.nanoTime();
      assertThat(wire.ask("SMEMBERS", "some").split("member:").length - 1).isEqualTo(20_000);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      wire.node.close();
    }
  }

  @Test
  @Timeout(60)
  void oneThatDoesNotFitIsRefusedWithAdviceAndNothingElseSuffers() throws IOException {
    try (var wire = new Wire(node())) {
      fill(wire, "many", 150_000);
      assertThat(wire.ask("SMEMBERS", "many")).contains("OOM", "read it in parts");
      assertThat(wire.ask("SCARD", "many")).contains("150000");
      assertThat(wire.ask("SISMEMBER", "many", "member:77:" + "x".repeat(80))).contains("1");
      assertThat(wire.ask("MULTI")).contains("OK");
      wire.ask("SMEMBERS", "many");
      assertThat(wire.ask("EXEC")).contains("OOM");
      assertThat(wire.ask("SET", "still", "there")).contains("OK");
      assertThat(wire.ask("DEL", "many")).isEqualTo(":1");
      assertThat(wire.ask("EXISTS", "many")).isEqualTo(":0");
      wire.node.close();
    }
  }

  @Test
  @Timeout(60)
  void theKeysOfOneCommandAreLoadedTogether() throws IOException {
    try (var wire = new Wire(node())) {
      List<String> read = new ArrayList<>(List.of("MGET"));
      for (int i = 0; i < 400; i++) {
        wire.ask("SET", "cold:" + i, "value:" + i);
        read.add("cold:" + i);
      }
      wire.node.engine().checkpoint();
      evict(wire);
      long before = retries(wire);
      String values = wire.ask(read.toArray(String[]::new));
      assertThat(values).contains("value:0", "value:399");
      assertThat(values.split("value:").length - 1).isEqualTo(400);
      assertThat(retries(wire) - before).isBetween(1L, 3L);
      wire.node.close();
    }
  }

  @Test
  @Timeout(60)
  void theKeysOfATransactionAreLoadedTogether() throws IOException {
    try (var wire = new Wire(node())) {
      for (int i = 0; i < 200; i++) {
        wire.ask("SET", "cold:" + i, "value:" + i);
      }
      wire.node.engine().checkpoint();
      evict(wire);
      long before = retries(wire);
      wire.ask("MULTI");
      for (int i = 0; i < 200; i++) {
        wire.ask("GET", "cold:" + i);
      }
      String values = wire.ask("EXEC");
      assertThat(values.split("value:").length - 1).isEqualTo(200);
      assertThat(retries(wire) - before).isBetween(1L, 3L);
      wire.node.close();
    }
  }

  @Test
  @Timeout(60)
  void aClientThatWaitsIsServedFromDiskWhileNobodyElseSends() throws Exception {
    var node = node();
    try (var waiting = new Wire(node);
        var other = new Wire(node)) {
      for (int from = 0; from < 50_000; from += 500) {
        List<String> command = new ArrayList<>(List.of("RPUSH", "staging"));
        for (int i = from; i < from + 500; i++) {
          command.add("job:" + i + ":" + "x".repeat(80));
        }
        other.ask(command.toArray(String[]::new));
      }
      other.node.engine().checkpoint();
      evict(other);
      var served = CompletableFuture.supplyAsync(() -> ask(waiting, "BRPOP", "jobs", "30"));
      await().until(() -> info(other, "clients", "blocked_clients") == 1);
      other.ask("RENAME", "staging", "jobs");
      assertThat(served.get(10, TimeUnit.SECONDS)).contains("job:49999:");
      node.close();
    }
  }

  private static String ask(Wire wire, String... words) {
    try {
      return wire.ask(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Timeout(60)
  void expiredCollectionsOnDiskAreReclaimedAndLaterOnesToo() throws IOException {
    try (var wire = new Wire(node())) {
      for (int i = 0; i < 20; i++) {
        List<String> command = new ArrayList<>(List.of("HSET", "session:" + i));
        for (int f = 0; f < 200; f++) {
          command.addAll(List.of("field:" + f, "z".repeat(100)));
        }
        wire.ask(command.toArray(String[]::new));
        wire.ask("PEXPIRE", "session:" + i, "3600000");
      }
      wire.node.engine().checkpoint();
      evict(wire);
      for (int i = 0; i < 20; i++) {
        wire.ask("PEXPIRE", "session:" + i, "1");
      }
      await().untilAsserted(() -> assertThat(info(wire, "stats", "expired_keys")).isEqualTo(20));
      wire.ask("SET", "later", "1", "PX", "1");
      await().untilAsserted(() -> assertThat(info(wire, "stats", "expired_keys")).isEqualTo(21));
      wire.node.close();
    }
  }

  @Test
  @Timeout(60)
  void whoWaitsForAnEntryGoesOnWhenItsSpaceIsGone() throws Exception {
    try (var wire = new Wire(node())) {
      var gone = new NotResidentException(0, 1_000_000, new byte[] {1}, 1);
      var tried = new CountDownLatch(1);
      wire.node.engine().lane(Runnable::run).load(List.of(gone), tried::countDown);
      assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
      wire.node.close();
    }
  }

  private static long retries(Wire wire) throws IOException {
    return info(wire, "millrace", "commands_retried");
  }

  private static long info(Wire wire, String section, String name) throws IOException {
    for (String line : wire.ask("INFO", section).lines().toList()) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.substring(name.length() + 1).strip());
      }
    }
    throw new AssertionError("no such figure: " + name);
  }
}
