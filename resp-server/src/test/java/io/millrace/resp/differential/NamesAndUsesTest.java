package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** OBJECT beside {@code redis-server} while settings change on both. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
final class NamesAndUsesTest {
  private static final int ROUNDS = Integer.getInteger("millrace.rounds", 3_000);
  private static final List<String> SETTINGS =
      List.of(
          "hash-max-listpack-entries",
          "hash-max-listpack-value",
          "zset-max-listpack-entries",
          "zset-max-listpack-value",
          "set-max-intset-entries");

  @AutoClose private SideBySide servers;
  private RawClient redis;
  private RawClient millrace;

  @BeforeEach
  void start(@TempDir Path dir) throws Exception {
    servers = new SideBySide(dir, 1, config -> config.withTasks(4));
    redis = servers.redis();
    millrace = servers.millrace();
  }

  private Reply both(String... command) throws IOException {
    return servers.both(command);
  }

  @Test
  void encodingsFollowTheSettingsAndOnlyGrow() throws Exception {
    long seed = Seeds.next();
    SplittableRandom random = new SplittableRandom(seed);
    try {
      for (int i = 0; i < ROUNDS; i++) {
        step(random);
      }
    } catch (AssertionError different) {
      throw new AssertionError("seed=" + seed, different);
    }
  }

  private void step(SplittableRandom random) throws IOException {
    String n = Integer.toString(random.nextInt(5));
    String element = Integer.toString(random.nextInt(12));
    String wide = "x".repeat(random.nextInt(12));
    switch (random.nextInt(9)) {
      case 0 ->
          both(
              "CONFIG",
              "SET",
              SETTINGS.get(random.nextInt(SETTINGS.size())),
              Integer.toString(1 + random.nextInt(10)));
      case 1 -> both("HSET", "h" + n, "f" + element, wide);
      case 2 -> both("HDEL", "h" + n, "f" + element);
      case 3 -> both("ZADD", "z" + n, element, wide.isEmpty() ? "m" + element : wide);
      case 4 -> both("ZREM", "z" + n, "m" + element);
      case 5 -> both("SADD", "i" + n, element);
      case 6 -> both("SREM", "i" + n, element);
      case 7 -> both("COPY", "hzi".charAt(random.nextInt(3)) + n, "copy" + element, "REPLACE");
      default -> both("DEL", "hzi".charAt(random.nextInt(3)) + n);
    }
    both("OBJECT", "ENCODING", "h" + n);
    both("OBJECT", "ENCODING", "z" + n);
    both("OBJECT", "ENCODING", "i" + n);
    both("OBJECT", "ENCODING", "copy" + element);
  }

  @Test
  void listsAreNamedByTheirSize() throws Exception {
    millrace.call("RPUSH", "list", "a", "b", "c");
    assertThat(millrace.call("OBJECT", "ENCODING", "list").toString()).isEqualTo("$listpack");
    millrace.call("CONFIG", "SET", "list-max-listpack-size", "2");
    assertThat(millrace.call("OBJECT", "ENCODING", "list").toString()).isEqualTo("$quicklist");
    millrace.call("CONFIG", "SET", "list-max-listpack-size", "-1");
    for (int i = 0; i < 40; i++) {
      millrace.call("RPUSH", "list", "x".repeat(90));
    }
    assertThat(millrace.call("OBJECT", "ENCODING", "list").toString()).isEqualTo("$listpack");
    for (int i = 0; i < 5; i++) {
      millrace.call("RPUSH", "list", "x".repeat(90));
    }
    assertThat(millrace.call("OBJECT", "ENCODING", "list").toString()).isEqualTo("$quicklist");
  }

  @Test
  void idleTimeAndFrequencyAreToldByThePolicy() throws Exception {
    both("SET", "k", "v");
    both("SET", "other", "v");
    String payload = ((Reply.Text) redis.call("DUMP", "k")).value();
    both("RESTORE", "idle", "0", payload, "IDLETIME", "1000");
    both("OBJECT", "FREQ", "k");
    both("OBJECT", "FREQ", "none");
    both("CONFIG", "SET", "maxmemory-policy", "volatile-lfu");
    both("OBJECT", "IDLETIME", "k");
    both("OBJECT", "IDLETIME", "none");
    both("RESTORE", "often", "0", payload, "FREQ", "0");
    both("OBJECT", "FREQ", "often");
    both("SET", "new", "v");
    both("OBJECT", "FREQ", "new");
    both("SET", "new", "w");
    both("OBJECT", "FREQ", "new");
    both("RPUSH", "list", "a", "b");
    both("OBJECT", "FREQ", "list");
    both("TTL", "list");
    both("TYPE", "list");
    both("OBJECT", "ENCODING", "new");
    both("OBJECT", "FREQ", "list");
    both("CONFIG", "SET", "lfu-log-factor", "0");
    both("GET", "new");
    both("GET", "new");
    both("OBJECT", "FREQ", "new");
    both("CONFIG", "SET", "maxmemory-policy", "noeviction");
    both("OBJECT", "FREQ", "k");
    Reply idle = millrace.call("OBJECT", "IDLETIME", "idle");
    assertThat(Long.parseLong(((Reply.Text) idle).value())).isBetween(1_000L, 1_010L);
  }

  @Test
  void withoutKeysThatExpireVolatilePoliciesRefuseLikeRedis() throws Exception {
    both("SET", "k", "v");
    for (String policy :
        List.of("volatile-lru", "volatile-ttl", "volatile-lfu", "volatile-random")) {
      both("CONFIG", "SET", "maxmemory-policy", policy);
      both("CONFIG", "SET", "maxmemory", "1");
      both("SET", "other", "v");
      both("GET", "k");
      both("CONFIG", "SET", "maxmemory", "0");
    }
  }
}
