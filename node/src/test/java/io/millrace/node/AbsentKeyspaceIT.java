package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * A directory opened by an embedder without the keyspace keeps what Redis clients were promised.
 */
class AbsentKeyspaceIT {
  @TempDir Path directory;

  private static String get(LocalNode node, String key) {
    try (var jedis = new Jedis("127.0.0.1", node.node().respPort())) {
      return jedis.get(key);
    }
  }

  private static void set(LocalNode node, String key, String value) {
    try (var jedis = new Jedis("127.0.0.1", node.node().respPort())) {
      assertThat(jedis.set(key, value)).isEqualTo("OK");
    }
  }

  private Engine withoutKeyspace() throws Exception {
    return Engine.open(
        EngineConfig.in(directory).withMemory(64 << 20, 8 << 20), List.of(), failure -> {});
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAcknowledgedSetIsThereWhenTheKeyspaceIsBack(boolean checkpointed) throws Exception {
    try (var node = LocalNode.start(directory)) {
      set(node, "before", "cut");
      if (checkpointed) {
        node.node().engine().checkpoint();
      }
      set(node, "behind", "cut");
      node.node().engine().abandon();
    }
    try (var engine = withoutKeyspace()) {
      assertThat(engine.checkpoint()).isPositive();
    }
    try (var engine = withoutKeyspace()) {
      engine.abandon();
    }
    try (var node = LocalNode.start(directory)) {
      assertThat(get(node, "before")).isEqualTo("cut");
      assertThat(get(node, "behind")).isEqualTo("cut");
      set(node, "after", "too");
      node.node().engine().abandon();
    }
    try (var node = LocalNode.start(directory)) {
      assertThat(get(node, "behind")).isEqualTo("cut");
      assertThat(get(node, "after")).isEqualTo("too");
    }
  }

  @Test
  void nothingIsLostByAnOrderlyStopEither() throws Exception {
    try (var node = LocalNode.start(directory)) {
      set(node, "key", "value");
    }
    try (var engine = withoutKeyspace()) {
      assertThat(engine.tables()).extracting("name").contains("modules");
    }
    try (var node = LocalNode.start(directory)) {
      assertThat(get(node, "key")).isEqualTo("value");
    }
  }
}
