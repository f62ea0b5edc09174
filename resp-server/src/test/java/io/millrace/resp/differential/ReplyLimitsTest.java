package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with a small heap refuses what it cannot hold, and lives. */
final class ReplyLimitsTest {
  private static final String FOUR_MEGABYTES = "x".repeat(4 << 20);
  private static final int MANY = 30;

  @AutoClose private ChildTarget child;

  @BeforeEach
  void start(@TempDir Path dir) throws IOException {
    child = new ChildTarget(dir, List.of(), List.of("2", "1", "EVERYSEC"));
  }

  private static void refused(RawClient client, String... command) throws IOException {
    assertThat(client.call(command).toString()).as("%s", List.of(command)).contains("OOM ");
    assertThat(client.call("PING").toString()).contains("PONG");
  }

  @Test
  void countsBeyondMemoryAreRefused() throws IOException {
    try (var client = new RawClient(child.port())) {
      client.call("SADD", "s", "1", "2");
      client.call("ZADD", "z", "1", "a");
      client.call("HSET", "h", "f", "v");
      for (var count :
          List.of("-2000000000", "-2147483649", "-4294967297", "-4611686018427387903")) {
        refused(client, "SRANDMEMBER", "s", count);
        refused(client, "ZRANDMEMBER", "z", count);
        refused(client, "ZRANDMEMBER", "z", count, "WITHSCORES");
        refused(client, "HRANDFIELD", "h", count);
        refused(client, "HRANDFIELD", "h", count, "WITHVALUES");
      }
      refused(client, "SETBIT", "bits", "4294967295", "1");
      refused(client, "SETRANGE", "range", "500000000", "x");
      assertThat(((Reply.Many) client.call("SRANDMEMBER", "s", "-5000")).items()).hasSize(5000);
      assertThat(((Reply.Many) client.call("HRANDFIELD", "h", "-7", "WITHVALUES")).items())
          .hasSize(14);
    }
  }

  @Test
  void largeCollectionsAreRefusedInOnePiece() throws IOException {
    try (var client = new RawClient(child.port())) {
      for (int i = 0; i < 2 * MANY; i++) {
        client.call("RPUSH", "large", FOUR_MEGABYTES.substring(0, 1 << 20));
      }
      refused(client, "LRANGE", "large", "0", "-1");
      refused(client, "DUMP", "large");
      assertThat(client.call("LLEN", "large").toString()).contains(Integer.toString(2 * MANY));
    }
  }

  @Test
  void transactionsBeyondMemoryAreRefused() throws IOException {
    try (var client = new RawClient(child.port())) {
      client.call("MULTI");
      for (int i = 0; i < MANY; i++) {
        assertThat(client.call("SET", "k" + i, FOUR_MEGABYTES).toString())
            .containsAnyOf("QUEUED", "OOM the command or transaction", "OOM the command is larger");
      }
      assertThat(client.call("EXEC").toString()).contains("EXECABORT");
      assertThat(client.call("EXISTS", "k0").toString()).contains("0");
    }
  }

  @Test
  void execGoesOnThoughItsReplyIsTooLarge() throws IOException {
    var commands = new ArrayList<List<String>>();
    commands.add(List.of("SET", "a", "1"));
    commands.addAll(Collections.nCopies(MANY, List.of("GET", "big")));
    commands.add(List.of("INCR", "n"));
    commands.add(List.of("GETDEL", "other"));
    commands.add(List.of("RPUSH", "l", "x"));
    try (var client = new RawClient(child.port())) {
      client.call("SET", "big", FOUR_MEGABYTES);
      client.call("SET", "other", FOUR_MEGABYTES);
      client.call("MULTI");
      for (var command : commands) {
        client.call(command.toArray(String[]::new));
      }
      var replies = ((Reply.Many) client.call("EXEC")).items();
      assertThat(replies).hasSize(commands.size());
      assertThat(replies.get(1).toString()).contains("xxxx");
      assertThat(replies.get(MANY).toString()).contains("OOM the reply is larger");
      assertThat(replies.get(MANY + 1).toString()).contains("1").doesNotContain("OOM");
      assertThat(replies.get(MANY + 2).toString()).contains("OOM the command was executed");
      assertThat(replies.get(MANY + 3).toString()).contains("1").doesNotContain("OOM");
    }
    child.crash();
    try (var client = new RawClient(child.port())) {
      assertThat(client.call("EXISTS", "other").toString()).contains("0");
      assertThat(client.call("MGET", "a", "n").toString()).contains("1").doesNotContain("null");
      assertThat(client.call("LLEN", "l").toString()).contains("1");
    }
  }
}
