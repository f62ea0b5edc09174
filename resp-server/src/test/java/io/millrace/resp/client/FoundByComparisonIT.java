package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What random sequences beside Redis have brought to light, each by itself. */
final class FoundByComparisonIT {
  private static final String SHORT_OF_MEMORY =
      "Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len";

  @TempDir private Path directory;

  @Test
  void databasesAreSwappedOnceThoughTheirRowsMustBeLoadedFirst() throws IOException {
    try (var node =
            TestNode.start(
                directory,
                1,
                Map.of(),
                c ->
                    c.withTasks(1)
                        .withMemory(1 << 20, 1 << 20)
                        .withCheckpoints(1 << 18, 1 << 16, 60_000));
        var wire = new Wire(node)) {
      for (int round = 0; round < 3; round++) {
        wire.ask("FLUSHALL");
        wire.ask("SET", "here", "yes");
        wire.ask("SELECT", "5");
        for (int i = 0; i < 300; i++) {
          wire.ask("SET", "fill" + i, "x".repeat(8_000));
        }
        wire.ask("SELECT", "0");
        assertThat(wire.ask("SWAPDB", "0", "1")).isEqualTo("+OK");
        assertThat(wire.ask("GET", "here")).isEqualTo("nil");
        wire.ask("SELECT", "1");
        assertThat(wire.ask("GET", "here")).isEqualTo("$yes");
        wire.ask("SELECT", "0");
      }
    }
  }

  @Test
  void aSubcommandNamedResetIsQueuedAndRefusedLikeOthers() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      wire.ask("MULTI");
      assertThat(wire.ask("SLOWLOG", "RESET")).isEqualTo("+QUEUED");
      assertThat(wire.ask("EXEC")).isEqualTo("*[+OK]");
      wire.ask("SUBSCRIBE", "c");
      assertThat(wire.ask("LATENCY", "RESET")).startsWith("-ERR Can't execute 'latency|reset'");
    }
  }

  @Test
  void theFirstLongFieldOfAHashIsOnlyLookedFor() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      wire.ask("HSET", "h", "f", "v");
      assertThat(wire.ask("HGET", "h", "long".repeat(100))).isEqualTo("nil");
      assertThat(wire.ask("HDEL", "h", "longer".repeat(200))).isEqualTo(":0");
      assertThat(wire.ask("HEXISTS", "h", "longest".repeat(1_000))).isEqualTo(":0");
    }
  }

  @Test
  void decimalsReachAsFarAsTheLongDoubleOfC() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      assertThat(wire.ask("HINCRBYFLOAT", "h", "f", "1e400")).startsWith("$1000000").hasSize(402);
      assertThat(wire.ask("HINCRBYFLOAT", "h", "f", "1")).hasSize(402);
      assertThat(wire.ask("INCRBYFLOAT", "s", "1e4940")).contains("not a valid float");
      assertThat(wire.ask("INCRBYFLOAT", "s", "1.1e4932")).startsWith("$10999");
      assertThat(wire.ask("INCRBYFLOAT", "s", "1.1e4932"))
          .contains("would produce NaN or Infinity");
    }
  }

  @Test
  void aLongSubsequenceNeedsLittleMemoryAndATooLongOneIsRefused() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      wire.ask("SET", "a", "ab".repeat(5_000));
      wire.ask("SET", "b", "b".repeat(10_000));
      assertThat(wire.ask("LCS", "a", "b", "LEN")).isEqualTo(":5000");
      wire.ask("SET", "b", "b".repeat(20_000));
      assertThat(wire.ask("LCS", "a", "b", "LEN")).contains(SHORT_OF_MEMORY);
    }
  }

  @Test
  void argumentsOfServerCommandsAreCheckedLikeInRedis() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      assertThat(wire.ask("SHUTDOWN", "ABORT", "x")).isEqualTo("-ERR syntax error");
      assertThat(wire.ask("SHUTDOWN", "SAVE", "NOSAVE")).isEqualTo("-ERR syntax error");
      assertThat(wire.ask("SLOWLOG", "GET", "x")).contains("greater than or equal to -1");
      assertThat(wire.ask("SLOWLOG", "GET", "1", "2")).contains("Try SLOWLOG HELP.");
      assertThat(wire.ask("PUBSUB", "CHANNELS", "a", "b")).contains("Try PUBSUB HELP.");
      assertThat(wire.ask("CLIENT", "UNBLOCK", "1", "ERROR", "x")).contains("Try CLIENT HELP.");
      assertThat(wire.ask("CLIENT", "KILL", "TYPE", "x", "y")).contains("Unknown client type 'x'");
      assertThat(wire.ask("CONFIG", "SET", "maxmemory", "-1")).contains("must be a memory value");
      assertThat(wire.ask("COMMAND", "GETKEYS", "ZUNION", "2", "a"))
          .contains("Invalid arguments specified for command");
      assertThat(wire.ask("COMMAND", "GETKEYSANDFLAGS", "SET", "a", "b"))
          .isEqualTo("*[*[$a, *[+OW, +update]]]");
      assertThat(wire.ask("COMMAND", "GETKEYSANDFLAGS", "SET", "a", "b", "GET"))
          .isEqualTo("*[*[$a, *[+RW, +access, +update]]]");
    }
  }

  @Test
  void aStoredUnionThatIsLargeKeepsItsNegativeZeros() throws IOException {
    try (var node = TestNode.start(directory, 1, Map.of(), c -> c.withTasks(1));
        var wire = new Wire(node)) {
      wire.ask("ZADD", "scores", "0", "m");
      wire.ask("SADD", "names", "a".repeat(100));
      wire.ask("ZUNIONSTORE", "large", "2", "names", "scores", "WEIGHTS", "2", "-8");
      assertThat(wire.ask("ZSCORE", "large", "m")).isEqualTo("$-0");
      assertThat(wire.ask("ZRANGE", "large", "0", "0", "WITHSCORES")).contains("$-0");
      wire.ask("ZUNIONSTORE", "small", "1", "scores", "WEIGHTS", "-8");
      assertThat(wire.ask("ZSCORE", "small", "m")).isEqualTo("$0");
    }
  }
}
