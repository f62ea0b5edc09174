package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a limit of the moment refuses or allows is the same when the journal is folded again. */
final class LimitsIT {
  private static final String TWO_MEGABYTES = "2000000";

  @TempDir private Path directory;

  private TestNode node(String longestString) throws IOException {
    var settings = Map.of("proto-max-bulk-len", longestString);
    return TestNode.start(directory, 1, settings, config -> config.withTasks(2));
  }

  @Test
  void whatIsRefusedInsideExecIsNotMadeByTheFold() throws IOException {
    try (var wire = new Wire(node("1mb"))) {
      wire.ask("MULTI");
      wire.ask("SET", "a", "1");
      wire.ask("SETRANGE", "long", TWO_MEGABYTES, "x");
      wire.ask("GETDEL", "absent");
      assertThat(wire.ask("EXEC")).startsWith("*[+OK, -ERR string exceeds").endsWith(", nil]");
      wire.node.crash();
    }
    try (var node = node("4mb");
        var wire = new Wire(node)) {
      assertThat(wire.ask("STRLEN", "long")).isEqualTo(":0");
      assertThat(wire.ask("GET", "a")).isEqualTo("$1");
      assertThat(wire.ask("INFO", "persistence")).contains("millrace_refused_folds:0");
    }
  }

  @Test
  void aPayloadThatIsTooLargeInsideExecIsNotRestoredByTheFold() throws IOException {
    try (var wire = new Wire(TestNode.start(directory))) {
      wire.ask("MULTI");
      wire.ask("SET", "a", "1");
      wire.ask("RESTORE", "large", "0", Payloads.expandingTo(Runtime.getRuntime().maxMemory() / 4));
      assertThat(wire.ask("EXEC")).startsWith("*[+OK, -OOM");
      wire.node.crash();
    }
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      assertThat(wire.ask("EXISTS", "large")).isEqualTo(":0");
      assertThat(wire.ask("GET", "a")).isEqualTo("$1");
    }
  }

  @Test
  void whatWasAllowedOnceIsMadeAgainThoughTheLimitIsLower() throws IOException {
    try (var wire = new Wire(node("4mb"))) {
      wire.ask("SET", "appended", "x".repeat(1_000_000));
      wire.ask("APPEND", "appended", "y".repeat(1_000_000));
      wire.ask("SETRANGE", "ranged", TWO_MEGABYTES, "x");
      wire.ask("SETBIT", "bits", "16000000", "1");
      wire.ask("BITFIELD", "fields", "SET", "u8", "#2000000", "7");
      wire.node.crash();
    }
    try (var node = node("1mb");
        var wire = new Wire(node)) {
      assertThat(wire.ask("STRLEN", "appended")).isEqualTo(":2000000");
      assertThat(wire.ask("STRLEN", "ranged")).isEqualTo(":2000001");
      assertThat(wire.ask("STRLEN", "bits")).isEqualTo(":2000001");
      assertThat(wire.ask("STRLEN", "fields")).isEqualTo(":2000001");
      assertThat(wire.ask("APPEND", "appended", "z")).contains("string exceeds maximum");
      assertThat(wire.ask("INFO", "persistence")).contains("millrace_refused_folds:0");
    }
  }

  @Test
  void whatARangeOfMembersRemovesDoesNotDependOnTheFormOfTheValue() throws IOException {
    String before;
    try (var wire = new Wire(TestNode.start(directory))) {
      wire.ask("CONFIG", "SET", "zset-max-listpack-entries", "1000");
      for (int i = 0; i < 300; i++) {
        wire.ask("ZADD", "z", Integer.toString(i % 7), "m" + i * 31 % 300);
      }
      wire.ask("ZREMRANGEBYLEX", "z", "[m12", "(m200");
      wire.ask("ZRANGESTORE", "stored", "z", "[m2", "(m4", "BYLEX");
      before = wire.ask("ZRANGE", "z", "0", "-1") + wire.ask("ZRANGE", "stored", "0", "-1");
      wire.node.crash();
    }
    try (var node = TestNode.start(directory);
        var wire = new Wire(node)) {
      assertThat(wire.ask("ZRANGE", "z", "0", "-1") + wire.ask("ZRANGE", "stored", "0", "-1"))
          .isEqualTo(before);
    }
  }
}
