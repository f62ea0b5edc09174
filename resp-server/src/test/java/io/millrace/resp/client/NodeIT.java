package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node over raw sockets: limits, crashes, login, eviction. */
final class NodeIT {
  @TempDir private Path directory;

  @Test
  void whatWasAnsweredIsThereAfterACrash() throws IOException {
    long seed = Seeds.next();
    String before;
    try (var wire = new Wire(TestNode.start(directory))) {
      var random = new SplittableRandom(seed);
      for (int i = 0; i < 2000; i++) {
        int k = random.nextInt(50);
        switch (random.nextInt(8)) {
          case 0 -> wire.ask("SET", "k" + k, "v" + i);
          case 1 -> wire.ask("SET", "t" + k, "v" + i, "PX", "100000");
          case 2 -> wire.ask("HSET", "h" + k % 5, "f" + i, "x".repeat(random.nextInt(80)));
          case 3 -> wire.ask("DEL", "k" + k, "k" + (k + 1));
          case 4 -> wire.ask("RENAME", "k" + k, "k" + random.nextInt(50));
          case 5 -> wire.ask("MSET", "k" + k, "1", "k" + (k + 7), "2");
          case 6 -> wire.ask("COPY", "h" + k % 5, "g" + k, "REPLACE");
          default -> wire.ask("INCR", "n" + k % 3);
        }
      }
      wire.ask("MULTI");
      wire.ask("SET", "in", "one");
      wire.ask("SELECT", "2");
      wire.ask("SET", "in", "two");
      wire.ask("EXEC");
      wire.ask("SWAPDB", "2", "5");
      wire.ask("SELECT", "0");
      before = wire.everything();
      wire.node.crash();
    }
    try (var wire = new Wire(TestNode.start(directory))) {
      assertThat(wire.everything()).as("seed=%s", seed).isEqualTo(before);
      wire.ask("SELECT", "5");
      assertThat(wire.ask("GET", "in")).contains("two");
      wire.node.close();
    }
    try (var wire = new Wire(TestNode.start(directory))) {
      assertThat(wire.everything()).as("seed=%s after checkpoint", seed).isEqualTo(before);
      wire.node.close();
    }
  }

  @Test
  void aPasswordGuardsEverythingButTheLogin() throws IOException {
    var settings = Map.of("requirepass", "secret");
    try (var node = TestNode.start(directory, 1, settings, c -> c.withTasks(1));
        var wire = new Wire(node)) {
      assertThat(wire.ask("GET", "a")).contains("NOAUTH Authentication required.");
      assertThat(wire.ask("AUTH", "wrong")).contains("WRONGPASS");
      assertThat(wire.ask("HELLO", "3")).contains("NOAUTH HELLO");
      assertThat(wire.ask("AUTH", "default", "secret")).contains("OK");
      assertThat(wire.ask("SET", "a", "1")).contains("OK");
    }
  }

  @Test
  void anHttpRequestIsNeverRun() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      wire.ask("SET", "a", "1");
      try (var http = new TextClient(node.port())) {
        http.sendRaw(
            "POST / HTTP/1.1\r\nHost: x\r\n\r\nFLUSHALL\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(http.ended()).isTrue();
      }
      assertThat(wire.ask("GET", "a")).contains("1");
    }
  }

  @Test
  void aBrokenRequestIsAnsweredBehindTheRepliesBeforeIt() throws IOException {
    try (var node = TestNode.start(directory);
        var client = new TextClient(node.port())) {
      client.sendRaw("PING\r\n*1\r\n:1\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.read()).contains("PONG");
      assertThat(client.read()).contains("Protocol error: expected '$', got ':'");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void withoutEvictionWritesAreRefusedAboveTheLimitAndReadsGoOn() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      wire.ask("SET", "a", "1");
      assertThat(wire.ask("CONFIG", "SET", "maxmemory", "1")).contains("OK");
      assertThat(wire.ask("SET", "b", "1"))
          .contains("OOM command not allowed when used memory > 'maxmemory'.");
      assertThat(wire.ask("GET", "a")).contains("1");
      assertThat(wire.ask("DEL", "a")).contains("1");
      assertThat(wire.ask("CONFIG", "SET", "maxmemory", "0")).contains("OK");
      assertThat(wire.ask("SET", "b", "1")).contains("OK");
    }
  }

  @Test
  void withEvictionKeysMakeRoom() throws IOException {
    try (var wire = new Wire(TestNode.start(directory))) {
      for (int i = 0; i < 200; i++) {
        wire.ask("SET", "k" + i, "v");
      }
      wire.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "maxmemory", "1");
      wire.ask("SET", "one", "more");
      wire.ask("CONFIG", "SET", "maxmemory", "0");
      assertThat(wire.ask("INFO", "stats")).doesNotContain("evicted_keys:0");
      wire.node.crash();
    }
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      int left = Integer.parseInt(wire.ask("DBSIZE").replaceAll("[^0-9]", ""));
      assertThat(left).isLessThan(200);
    }
  }

  @Test
  void pipelinedCommandsOnColdKeysAnswerInOrder() throws IOException {
    long seed = Seeds.next();
    var random = new SplittableRandom(seed);
    int keys = 20_000;
    var node =
        TestNode.start(
            directory, 1, Map.of(), config -> config.withTasks(4).withMemory(1 << 20, 1 << 20));
    var counts = new long[keys];
    try (var pipe = new TextClient(node.port())) {
      for (int from = 0; from < keys; from += 500) {
        for (int i = from; i < from + 500; i++) {
          pipe.send(List.of("SET", "n" + i, "0"));
          pipe.send(List.of("HSET", "h" + i % 50, "f" + i, "v" + i + "x".repeat(60)));
        }
        for (int i = from; i < from + 500; i++) {
          assertThat(pipe.read() + pipe.read()).isEqualTo("+OK:1");
        }
      }
      node.engine().checkpoint();
      for (int round = 0; round < 20; round++) {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 300; i++) {
          expected.add(sendOne(pipe, random.nextInt(4), random.nextInt(keys), counts));
        }
        for (var answer : expected) {
          assertThat(pipe.read()).as("seed=%s", seed).isEqualTo(answer);
        }
      }
    }
    node.close();
  }

  /** Sends a command; answers what its reply must be. */
  private static String sendOne(TextClient pipe, int kind, int k, long[] counts)
      throws IOException {
    switch (kind) {
      case 0 -> pipe.send(List.of("INCR", "n" + k));
      case 1 -> pipe.send(List.of("HGET", "h" + k % 50, "f" + k));
      case 2 -> pipe.send(List.of("GET", "absent" + k));
      default -> pipe.send(List.of("GET", "n" + k));
    }
    return switch (kind) {
      case 0 -> ":" + ++counts[k];
      case 1 -> "$v" + k + "x".repeat(60);
      case 2 -> "nil";
      default -> "$" + counts[k];
    };
  }
}
