package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A real {@code redis-server} and Millrace, both empty at first, that are asked the same. */
final class SideBySide implements AutoCloseable {
  private final RedisPeer peer;
  private final Target target;
  private @Nullable RawClient redis;
  private @Nullable RawClient millrace;

  /** Starts both below a directory. */
  SideBySide(Path dir, int lanes, UnaryOperator<EngineConfig> settings) throws Exception {
    peer = RedisPeer.start(Files.createDirectories(dir.resolve("redis")));
    target = new EngineTarget(settings.apply(EngineConfig.in(dir.resolve("data"))), lanes);
  }

  /** Two lanes and sixteen tasks: the connections of a play are on different lanes. */
  static SideBySide forPlays(Path dir) throws Exception {
    return new SideBySide(dir, 2, config -> config.withTasks(16));
  }

  int redisPort() {
    return peer.port();
  }

  int millracePort() {
    return target.port();
  }

  /** A connection to Redis that stays open. */
  RawClient redis() throws IOException {
    if (redis == null) {
      redis = new RawClient(peer.port());
    }
    return redis;
  }

  /** A connection to Millrace that stays open until a crash. */
  RawClient millrace() throws IOException {
    if (millrace == null) {
      millrace = new RawClient(target.port());
    }
    return millrace;
  }

  /** Ends Millrace as a crash would and starts it on the same data. */
  void crash() throws IOException {
    if (millrace != null) {
      millrace.close();
      millrace = null;
    }
    target.crash();
  }

  /** The reply to a command, which must be equal. */
  Reply both(String... command) throws IOException {
    Reply theirs = redis().call(command);
    assertThat(millrace().call(command)).as("%s", List.of(command)).isEqualTo(theirs);
    return theirs;
  }

  /** What is seen in a play must be equal. */
  void seeTheSame(Scene.Play play) throws IOException {
    List<String> expected = Scene.seen(redisPort(), play);
    assertThat(Scene.seen(millracePort(), play)).isEqualTo(expected);
  }

  @Override
  public void close() throws IOException {
    if (redis != null) {
      redis.close();
    }
    if (millrace != null) {
      millrace.close();
    }
    target.close();
    peer.close();
  }
}
