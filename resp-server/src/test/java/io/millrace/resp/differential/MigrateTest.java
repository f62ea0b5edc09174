package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** MIGRATE between Millrace and two real {@code redis-server}s. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
final class MigrateTest {
  private static final String HOST = "127.0.0.1";

  @AutoClose private SideBySide sources;
  @AutoClose private RedisPeer destination;
  private RawClient redis;
  @AutoClose private RawClient other;
  private RawClient millrace;

  @BeforeEach
  void start(@TempDir Path dir) throws Exception {
    sources = new SideBySide(dir, 1, config -> config.withTasks(4));
    destination = RedisPeer.start(dir);
    redis = sources.redis();
    other = new RawClient(destination.port());
    millrace = sources.millrace();
  }

  private Reply both(String... command) throws IOException {
    return sources.both(command);
  }

  /** Lets both sources move keys to the same place, one after the other. */
  private void migrated(String... tail) throws IOException {
    String[] command = new String[tail.length + 3];
    command[0] = "MIGRATE";
    command[1] = HOST;
    command[2] = Integer.toString(destination.port());
    System.arraycopy(tail, 0, command, 3, tail.length);
    other.call("FLUSHALL");
    prepare();
    Reply theirs = redis.call(command);
    String there = contents();
    other.call("FLUSHALL");
    prepare();
    assertThat(millrace.call(command)).as("%s", List.of(command)).isEqualTo(theirs);
    assertThat(contents()).as("%s", List.of(command)).isEqualTo(there);
    for (String key : List.of("a", "b", "busy", "list")) {
      both("EXISTS", key);
    }
  }

  private void prepare() throws IOException {
    other.call("SET", "busy", "already");
  }

  private String contents() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String key : List.of("a", "b", "busy")) {
      all.append(other.call("GET", key)).append(' ');
    }
    all.append(other.call("LRANGE", "list", "0", "-1"));
    all.append(other.call("TTL", "b").toString().length() > 3);
    return all.toString();
  }

  private void fill() throws IOException {
    both("MSET", "a", "1", "b", "2", "busy", "mine");
    both("EXPIRE", "b", "1000");
    both("DEL", "list");
    both("RPUSH", "list", "x", "y");
  }

  @Test
  void keysMoveAsRedisMovesThem() throws Exception {
    fill();
    migrated("a", "0", "1000", "COPY");
    migrated("a", "0", "1000");
    migrated("a", "0", "1000");
    fill();
    migrated("", "0", "1000", "KEYS", "a", "b", "nosuch", "list");
    fill();
    migrated("", "0", "1000", "KEYS", "a", "busy", "list");
    fill();
    migrated("", "0", "1000", "REPLACE", "KEYS", "a", "busy", "list");
    fill();
    migrated("a", "99", "1000");
    migrated("a", "0", "1000", "AUTH", "secret");
    migrated("a", "0", "1000", "AUTH2", "nobody", "secret");
    other.call("ACL", "SETUSER", "mover", "on", ">secret", "~*", "+@all");
    migrated("a", "0", "1000", "AUTH2", "mover", "secret");
  }

  @Test
  void whatIsWrongIsSaidInTheSameWords() throws Exception {
    fill();
    both("MIGRATE", HOST, "1", "a", "0", "100");
    both("MIGRATE", HOST, "1", "nosuch", "0", "100");
    both("MIGRATE", HOST, "1", "a", "0", "x");
    both("MIGRATE", HOST, "1", "a", "x", "100");
    both("MIGRATE", HOST, "1", "a", "0", "100", "NOSUCH");
    both("MIGRATE", HOST, "1", "a", "0", "100", "AUTH");
    both("MIGRATE", HOST, "1", "a", "0", "100", "AUTH2", "x");
    both("MIGRATE", HOST, "1", "a", "0", "100", "KEYS", "a");
    both("MIGRATE", HOST, "1", "", "0", "100", "KEYS", "a");
    both("MIGRATE", HOST, "1", "a", "0");
    both("GET", "a");
  }

  @Test
  void aSilentTargetHoldsUpNobodyButTheOneWhoAsked() throws Exception {
    fill();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        RawClient another = new RawClient(sources.millracePort())) {
      String port = Integer.toString(silent.getLocalPort());
      millrace.send(List.of("MIGRATE", HOST, port, "a", "0", "2000"));
      // Accepted: the dump has been taken.
      silent.accept();
      assertThat(millrace.hasInput()).isFalse();
      assertThat(another.call("SET", "a", "changed").toString()).isEqualTo("+OK");
      assertThat(another.call("GET", "a").toString()).isEqualTo("$changed");
      assertThat(millrace.hasInput()).isFalse();
      assertThat(millrace.read().toString())
          .isEqualTo("-IOERR error or timeout reading to target instance");
      assertThat(millrace.call("GET", "a").toString()).isEqualTo("$changed");
    }
  }

  @Test
  void aKeyThatIsChangedMeanwhileStays() throws Exception {
    fill();
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        RawClient another = new RawClient(sources.millracePort())) {
      String port = Integer.toString(slow.getLocalPort());
      millrace.send(List.of("MIGRATE", HOST, port, "", "0", "5000", "KEYS", "a", "b"));
      try (var accepted = slow.accept()) {
        assertThat(another.call("SET", "a", "changed").toString()).isEqualTo("+OK");
        accepted
            .getOutputStream()
            .write("+OK\r\n+OK\r\n+OK\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(millrace.read().toString()).contains("was changed while it was sent");
      }
      assertThat(millrace.call("GET", "a").toString()).isEqualTo("$changed");
      assertThat(millrace.call("EXISTS", "b").toString()).isEqualTo(":0");
    }
    String own = Integer.toString(sources.millracePort());
    assertThat(millrace.call("MIGRATE", HOST, own, "a", "0", "1000", "REPLACE").toString())
        .contains("was changed while it was sent");
    assertThat(millrace.call("GET", "a").toString()).isEqualTo("$changed");
  }

  @Test
  void whatHasMovedIsGoneAfterACrash() throws Exception {
    fill();
    String port = Integer.toString(destination.port());
    Reply moved = millrace.call("MIGRATE", HOST, port, "", "3", "1000", "KEYS", "a", "list");
    assertThat(moved.toString()).isEqualTo("+OK");
    sources.crash();
    millrace = sources.millrace();
    assertThat(millrace.call("EXISTS", "a", "list").toString()).isEqualTo(":0");
    assertThat(millrace.call("GET", "busy").toString()).isEqualTo("$mine");
    other.call("SELECT", "3");
    assertThat(other.call("LRANGE", "list", "0", "-1").toString()).isEqualTo("*[$x, $y]");
  }

  @Test
  void redisMovesKeysToMillrace() throws Exception {
    redis.call("SET", "k", "v", "EX", "1000");
    redis.call("ZADD", "z", "1.5", "m");
    String port = Integer.toString(sources.millracePort());
    Reply moved = redis.call("MIGRATE", HOST, port, "", "0", "1000", "KEYS", "k", "z");
    assertThat(moved.toString()).isEqualTo("+OK");
    assertThat(millrace.call("GET", "k").toString()).isEqualTo("$v");
    assertThat(millrace.call("TTL", "k").toString()).isIn(":998", ":999", ":1000");
    assertThat(millrace.call("ZSCORE", "z", "m").toString()).isEqualTo("$1.5");
    assertThat(redis.call("EXISTS", "k", "z").toString()).isEqualTo(":0");
  }
}
