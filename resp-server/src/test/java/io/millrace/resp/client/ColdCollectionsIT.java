package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      long before = begunAgain(wire);
      String values = wire.ask(read.toArray(String[]::new));
      assertThat(values).contains("value:0", "value:399");
      assertThat(values.split("value:").length - 1).isEqualTo(400);
      assertThat(begunAgain(wire) - before).isBetween(1L, 3L);
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
      long before = begunAgain(wire);
      wire.ask("MULTI");
      for (int i = 0; i < 200; i++) {
        wire.ask("GET", "cold:" + i);
      }
      String values = wire.ask("EXEC");
      assertThat(values.split("value:").length - 1).isEqualTo(200);
      assertThat(begunAgain(wire) - before).isBetween(1L, 3L);
      wire.node.close();
    }
  }

  private static long begunAgain(Wire wire) throws IOException {
    return wire.ask("INFO", "millrace")
        .lines()
        .filter(line -> line.startsWith("commands_begun_again:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .sum();
  }
}
