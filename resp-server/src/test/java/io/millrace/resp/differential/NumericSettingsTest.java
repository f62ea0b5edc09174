package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** CONFIG SET takes and refuses the same numbers as {@code redis-server}. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
final class NumericSettingsTest {
  private static final List<String> VALUES =
      List.of(
          "-2147483649",
          "-1",
          "0",
          "7",
          "100",
          "1001",
          "70000",
          "5000000",
          "2147483648",
          "99999999999",
          "9223372036854775807",
          "x",
          "1k",
          "1KB",
          "");

  /**
   * What changes where or how the peer listens, or ends the test's own connection; what has an
   * upper end here only; and what is refused here, because nothing could act.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "port",
          "tls-port",
          "maxclients",
          "maxmemory-clients",
          "timeout",
          "proto-max-bulk-len",
          "min-replicas-to-write",
          "min-slaves-to-write");

  @AutoClose private SideBySide servers;
  private RawClient redis;
  private RawClient millrace;
  private final List<String> differences = new ArrayList<>();

  @BeforeEach
  void start(@TempDir Path dir) throws Exception {
    servers = new SideBySide(dir, 1, config -> config.withTasks(1));
    redis = servers.redis();
    millrace = servers.millrace();
  }

  private void compare(String name, String value) throws IOException {
    var theirs = said(redis, name, value);
    var ours = said(millrace, name, value);
    if (!ours.equals(theirs)) {
      differences.add(name + " " + value + ": redis=" + theirs + " millrace=" + ours);
    }
  }

  /** The reply, and what the setting is then. */
  private static String said(RawClient client, String name, String value) throws IOException {
    var reply = client.call("CONFIG", "SET", name, value).toString();
    return reply.contains("OK") ? reply + client.call("CONFIG", "GET", name) : reply;
  }

  @Test
  void numbersHaveTheSameRanges() throws IOException {
    int compared = 0;
    var all = ((Reply.Many) redis.call("CONFIG", "GET", "*")).items();
    for (int i = 0; i < all.size(); i += 2) {
      var name = ((Reply.Text) all.get(i)).value();
      var initial = ((Reply.Text) all.get(i + 1)).value();
      if (!initial.matches("-?[0-9]+") || LEFT_OUT.contains(name)) {
        continue;
      }
      for (var value : VALUES) {
        compare(name, value);
      }
      redis.call("CONFIG", "SET", name, initial);
      millrace.call("CONFIG", "SET", name, initial);
      compared++;
    }
    assertThat(compared).isGreaterThan(50);
    for (var refused : List.of("0", "-1", "4294967296", "x")) {
      compare("maxclients", refused);
    }
    for (var refused : List.of("-1", "x", "101%", "-1%", "%")) {
      compare("maxmemory-clients", refused);
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void moreClientsThanDescriptorsAreRefused() throws IOException {
    assertThat(millrace.call("CONFIG", "SET", "maxclients", "4000000000").toString())
        .contains("The operating system is not able to handle the specified number of clients");
    assertThat(millrace.call("CONFIG", "GET", "maxclients").toString()).doesNotContain("4000000");
  }

  @Test
  void theLongestStringHasAnUpperEndToo() throws IOException {
    assertThat(millrace.call("CONFIG", "SET", "proto-max-bulk-len", "8gb").toString())
        .contains("argument must be between 1048576 and 1073741824 inclusive");
    assertThat(millrace.call("CONFIG", "SET", "proto-max-bulk-len", "1gb").toString())
        .contains("OK");
    millrace.call("SET", "k", "a");
    assertThat(millrace.call("SETBIT", "k", "34359738360", "1").toString())
        .contains("bit offset is not an integer or out of range");
    assertThat(millrace.call("SETRANGE", "k", "4294967296", "x").toString())
        .contains("string exceeds maximum allowed size");
    assertThat(millrace.call("GET", "k").toString()).contains("a");
  }
}
