package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The comparison itself: Redis equals Redis, and a server that errs is caught. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
class SelfComparisonTest {
  @TempDir Path dir;

  static boolean peerWanted() {
    if (!RedisPeer.installed() && System.getenv("CI") == null) {
      System.out.println("SKIPPED: redis-server is not installed (package redis-server)");
      return false;
    }
    return true;
  }

  private static Target target(RedisPeer peer) {
    return new Target() {
      @Override
      public int port() {
        return peer.port();
      }

      @Override
      public void crash() {
        throw new UnsupportedOperationException("this peer is not crashed");
      }

      @Override
      public void close() {
        peer.close();
      }
    };
  }

  private static Set<String> allNames() {
    Set<String> names = new HashSet<>();
    Sketches.all().forEach(form -> names.add(form.name()));
    return names;
  }

  @Test
  void redisDoesNotDifferFromItself() throws Exception {
    Path second = Files.createDirectories(dir.resolve("second"));
    try (RedisPeer a = RedisPeer.start(dir);
        RedisPeer b = RedisPeer.start(second)) {
      for (int i = 0; i < 60; i++) {
        new Crowd(1_000 + i, 1 + i % 3, false, new Coverage()).run(a.port(), target(b), allNames());
      }
    }
  }

  @Test
  void aLostWriteIsFound() throws Exception {
    Path second = Files.createDirectories(dir.resolve("second"));
    try (RedisPeer a = RedisPeer.start(dir);
        RedisPeer b = RedisPeer.start(second);
        RawClient saboteur = new RawClient(b.port())) {
      assertThat(saboteur.call("CONFIG", "SET", "maxmemory", "1")).isNotNull();
      assertThat(saboteur.call("CONFIG", "SET", "maxmemory-policy", "noeviction")).isNotNull();
      Crowd crowd = new Crowd(7, 1, false, new Coverage());
      assertThatThrownBy(() -> crowd.run(a.port(), target(b), Set.of("set", "get")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("millrace.seed=7");
    }
  }
}
