package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys each policy takes. With a limit of one byte each command removes up to 64. */
final class EvictionIT {
  private static final int KEYS = 200;

  @TempDir private Path directory;
  private TestNode node;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.start(directory);
    wire = new Wire(node);
    wire.ask("CONFIG", "SET", "maxmemory-samples", "64");
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
    node.close();
  }

  /** Sets the limit and takes it away again: two commands, 128 keys. */
  private void squeeze() throws IOException {
    assertThat(wire.ask("CONFIG", "SET", "maxmemory", "1")).contains("OK");
    wire.ask("PING");
    assertThat(wire.ask("CONFIG", "SET", "maxmemory", "0")).contains("OK");
  }

  private int count(String prefix) throws IOException {
    String names = wire.ask("KEYS", prefix + "*");
    return names.equals("*[]") ? 0 : names.split(", ").length;
  }

  @ParameterizedTest
  @ValueSource(strings = {"volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"})
  void volatilePoliciesTakeKeysWithDeadlinesAndThenRefuse(String policy) throws IOException {
    wire.ask("CONFIG", "SET", "maxmemory-policy", policy);
    for (int i = 0; i < KEYS; i++) {
      wire.ask("SET", "stays" + i, "v");
    }
    for (int i = 0; i < 30; i++) {
      wire.ask("SET", "goes" + i, "v", "EX", Integer.toString(1_000 + i));
    }
    wire.ask("CONFIG", "SET", "maxmemory", "1");
    assertThat(wire.ask("SET", "new", "v")).startsWith("-OOM command not allowed");
    assertThat(wire.ask("GET", "stays1")).isEqualTo("$v");
    wire.ask("CONFIG", "SET", "maxmemory", "0");
    assertThat(count("stays")).isEqualTo(KEYS);
    assertThat(count("goes")).isZero();
    assertThat(wire.ask("INFO", "stats")).contains("evicted_keys:30");
  }

  @Test
  void thoseWithTheNearestDeadlineGoFirst() throws IOException {
    wire.ask("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
    for (int i = 0; i < KEYS; i++) {
      wire.ask("SET", "k" + i, "v", "EX", Integer.toString(50_000 - i * 100));
    }
    // Deadlines that were put off, and keys that are gone, do not count.
    for (int i = 190; i < KEYS; i++) {
      wire.ask("EXPIRE", "k" + i, "90000");
    }
    wire.ask("DEL", "k189", "k188");
    squeeze();
    assertThat(count("k")).isEqualTo(KEYS - 2 - 128);
    for (int i = 0; i < 60; i++) {
      assertThat(wire.ask("EXISTS", "k" + i)).as("k" + i).isEqualTo(":1");
    }
    assertThat(wire.ask("EXISTS", "k195")).isEqualTo(":1");
  }

  @Test
  void thoseUsedSeldomGoFirst() throws IOException {
    wire.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu", "lfu-log-factor", "0");
    for (int i = 0; i < KEYS; i++) {
      wire.ask("SET", (i < 60 ? "hot" : "cold") + i, "v");
    }
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 60; i++) {
        wire.ask("GET", "hot" + i);
      }
    }
    assertThat(wire.ask("OBJECT", "FREQ", "hot1")).isEqualTo(":15");
    assertThat(wire.ask("OBJECT", "FREQ", "cold61")).isEqualTo(":5");
    squeeze();
    assertThat(count("hot")).isGreaterThan(50);
    assertThat(count("cold") + count("hot")).isEqualTo(KEYS - 128);
  }

  @Test
  void writingIsUsingToo() throws IOException {
    wire.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu", "lfu-log-factor", "0");
    wire.ask("SET", "s", "v");
    wire.ask("HSET", "h", "f", "v");
    for (int i = 0; i < 3; i++) {
      wire.ask("SET", "s", "w");
      wire.ask("HSET", "h", "f", "w");
    }
    assertThat(wire.ask("OBJECT", "FREQ", "s")).isEqualTo(":8");
    assertThat(wire.ask("OBJECT", "FREQ", "h")).isEqualTo(":8");
    wire.ask("CLIENT", "NO-TOUCH", "ON");
    wire.ask("GET", "s");
    assertThat(wire.ask("OBJECT", "FREQ", "s")).isEqualTo(":8");
    wire.ask("TOUCH", "s");
    assertThat(wire.ask("OBJECT", "FREQ", "s")).isEqualTo(":9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "allkeys-random"})
  void policiesForAllKeysFindThemInAnyDatabase(String policy) throws IOException {
    wire.ask("CONFIG", "SET", "maxmemory-policy", policy);
    wire.ask("SELECT", "11");
    for (int i = 0; i < 10; i++) {
      wire.ask("SET", "k" + i, "v");
    }
    squeeze();
    assertThat(wire.ask("DBSIZE")).isEqualTo(":0");
  }
}
