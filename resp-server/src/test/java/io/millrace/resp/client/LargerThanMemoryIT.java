package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.EngineConfig;
import io.millrace.engine.Seeds;
import io.millrace.engine.Verification;
import io.millrace.resp.RespConfig;
import io.millrace.resp.RespServer;
import io.millrace.resp.TestNode;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hash, a set and a sorted set several times the memory of the store, changed by commands of many
 * elements, compared with maps; then killed, compared again and folded again from zero in the same
 * memory.
 */
final class LargerThanMemoryIT {
  private static final int HOT_BYTES = 2 << 20;
  private static final int ELEMENTS = 60_000;
  private static final int COMMANDS = 5_000;
  private static final int MOST_PER_COMMAND = 40;

  @TempDir private Path directory;

  private final long seed = Seeds.next();
  private final SplittableRandom random = new SplittableRandom(seed);
  private final Map<String, String> hash = new HashMap<>();
  private final Map<String, String> set = new HashMap<>();
  private final Map<String, String> scores = new HashMap<>();

  private EngineConfig config(EngineConfig base) {
    return base.withTasks(4).withMemory(HOT_BYTES, 1 << 20).withKeepJournal(true);
  }

  @Test
  @Timeout(120)
  void collectionsAreRightAndFoldAgainToTheSame() throws IOException {
    long live;
    try (var wire = new Wire(TestNode.start(directory, 1, Map.of(), this::config))) {
      for (int i = 0; i < COMMANDS; i++) {
        step(wire);
      }
      check(wire);
      live = wire.node.engine().digest();
      assertThat(wire.node.engine().status().flushes()).as("seed=%d", seed).isGreaterThan(3);
      wire.node.crash();
    }
    try (var wire = new Wire(TestNode.start(directory, 1, Map.of(), this::config))) {
      check(wire);
      assertThat(wire.node.engine().digest()).as("seed=%d", seed).isEqualTo(live);
      wire.node.close();
    }
    var settings = new RespConfig("127.0.0.1", 0, 1, Map.of());
    var found =
        Verification.run(
            config(EngineConfig.in(directory)),
            () -> List.of(RespServer.prepare(settings, EngineFacts.none()).keyspace()),
            List::of);
    assertThat(found.complete()).isTrue();
    assertThat(found.folds())
        .extracting(Verification.Fold::digest)
        .as("seed=%d", seed)
        .hasSize(2)
        .containsOnly(live);
  }

  private void step(Wire wire) throws IOException {
    int elements = 1 + random.nextInt(MOST_PER_COMMAND);
    boolean removes = random.nextInt(5) == 0;
    switch (random.nextInt(3)) {
      case 0 -> change(wire, removes ? "HDEL" : "HSET", "h", hash, removes, elements);
      case 1 -> change(wire, removes ? "SREM" : "SADD", "s", set, removes, elements);
      default -> change(wire, removes ? "ZREM" : "ZADD", "z", scores, removes, elements);
    }
  }

  /** Sends one command with some elements, each named once, and expects the count of a map. */
  private void change(
      Wire wire, String name, String key, Map<String, String> model, boolean removes, int elements)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(name, key));
    int count = 0;
    for (int i = 0; i < elements; i++) {
      int number = random.nextInt(ELEMENTS / elements) * elements + i;
      String element = "element:" + number + ":" + "x".repeat(60);
      if (removes) {
        command.add(element);
        count += model.remove(element) == null ? 0 : 1;
        continue;
      }
      String value = Integer.toString(random.nextInt(1_000_000));
      if (name.equals("ZADD")) {
        command.add(value);
      }
      command.add(element);
      if (name.equals("HSET")) {
        command.add(value);
      }
      count += model.put(element, value) == null ? 1 : 0;
    }
    assertThat(wire.ask(command.toArray(String[]::new)))
        .as("%s, seed=%d", name, seed)
        .isEqualTo(":" + count);
  }

  private void check(Wire wire) throws IOException {
    assertThat(wire.ask("HLEN", "h")).isEqualTo(":" + hash.size());
    assertThat(wire.ask("SCARD", "s")).isEqualTo(":" + set.size());
    assertThat(wire.ask("ZCARD", "z")).isEqualTo(":" + scores.size());
    for (int i = 0; i < 1_000; i++) {
      String element = "element:" + random.nextInt(ELEMENTS) + ":" + "x".repeat(60);
      same(wire.ask("HGET", "h", element), hash.get(element));
      same(wire.ask("ZSCORE", "z", element), scores.get(element));
      assertThat(wire.ask("SISMEMBER", "s", element))
          .as("seed=%d", seed)
          .isEqualTo(set.containsKey(element) ? ":1" : ":0");
    }
  }

  private void same(String reply, @Nullable String value) {
    String expected = value == null ? "nil" : "$" + value;
    assertThat(reply).as("seed=%d", seed).isEqualTo(expected);
  }
}
