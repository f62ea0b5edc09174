package io.millrace.guides;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.node.MillraceNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Step 2 of {@code redis.md}: one program, two URLs, the same answers. */
class SwapTheUrlTest {
  @TempDir Path dir;

  @Test
  void oneProgramSeesTheSameOnBothServers() throws Exception {
    int millracePort = freePort();
    List<String> onMillrace;
    try (MillraceNode node = Servers.millrace(dir, millracePort)) {
      onMillrace = program("redis://127.0.0.1:" + millracePort + "/1");
      assertThat(onMillrace).contains("policy:42 = {\"name\":\"Ada\"}", "exec = [1, 2]");
    }
    if (redisInstalled()) {
      int redisPort = freePort();
      Process redis = Servers.redis(dir, redisPort);
      try {
        awaitPort(redisPort);
        assertThat(program("redis://127.0.0.1:" + redisPort + "/1")).isEqualTo(onMillrace);
      } finally {
        redis.destroy();
      }
    } else {
      assertThat(System.getenv("CI")).as("install the package redis-server").isNull();
      System.out.println("SKIPPED the comparison: redis-server is not installed");
    }
  }

  @Test
  void whatWasCachedIsThereAfterARestart() throws Exception {
    int port = freePort();
    try (MillraceNode node = Servers.millrace(dir, port)) {
      program("redis://127.0.0.1:" + port + "/1");
    }
    try (MillraceNode node = Servers.millrace(dir, port)) {
      RedisClient client = RedisClient.create("redis://127.0.0.1:" + port + "/1");
      try (var connection = client.connect()) {
        assertThat(connection.sync().get("policy:42")).isEqualTo("{\"name\":\"Ada\"}");
      } finally {
        client.shutdown();
      }
    }
  }

  /** A cache-aside program as applications write it. */
  private static List<String> program(String url) {
    List<String> seen = new ArrayList<>();
    RedisClient client = RedisClient.create(url);
    try (var connection = client.connect()) {
      RedisCommands<String, String> redis = connection.sync();
      seen.add("miss = " + redis.get("policy:42"));
      redis.set("policy:42", "{\"name\":\"Ada\"}", SetArgs.Builder.ex(600).nx());
      seen.add("policy:42 = " + redis.get("policy:42"));
      seen.add("ttl known = " + (redis.ttl("policy:42") > 590));
      redis.hset("session:7", Map.of("user", "ada", "roles", "admin,dev"));
      seen.add("user = " + redis.hget("session:7", "user"));
      redis.multi();
      redis.incr("visits");
      redis.incrby("visits", 1);
      TransactionResult result = redis.exec();
      seen.add("exec = " + result.stream().toList());
      redis.rpush("queue", "a", "b", "c");
      KeyValue<String, String> popped = redis.blpop(1, "queue");
      seen.add("popped = " + popped.getValue() + " of " + redis.llen("queue"));
      redis.zadd("scores", ScoredValue.just(3, "c"), ScoredValue.just(1, "a"));
      seen.add("top = " + redis.zrevrangeWithScores("scores", 0, 0));
      seen.add("members = " + redis.sadd("tags", "x", "y", "x"));
    } finally {
      client.shutdown();
    }
    return seen;
  }

  private static void awaitPort(int port) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      RedisClient probe = RedisClient.create("redis://127.0.0.1:" + port);
      try (var connection = probe.connect()) {
        return;
      } catch (RuntimeException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      } finally {
        probe.shutdown();
      }
    }
  }

  private static boolean redisInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("redis-server", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
