package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Removed collections go at once; their pages go behind, also over a crash. */
final class DiscardedPagesIT {
  private static final int ELEMENTS = 40_000;
  private static final int PER_COMMAND = 500;

  @TempDir private Path directory;

  private TestNode node() throws IOException {
    return TestNode.start(
        directory, 1, Map.of(), config -> config.withTasks(4).withMemory(8 << 20, 1 << 20));
  }

  private static void fill(Wire wire, String name, String key) throws IOException {
    for (int from = 0; from < ELEMENTS; from += PER_COMMAND) {
      List<String> command = new ArrayList<>(List.of(name, key));
      for (int i = from; i < from + PER_COMMAND; i++) {
        if (name.equals("ZADD")) {
          command.add(Integer.toString(i * 7919 % ELEMENTS));
        }
        command.add("element:" + i * 31L % ELEMENTS + ":" + "x".repeat(40));
        if (name.equals("HSET")) {
          command.add("value");
        }
      }
      wire.ask(command.toArray(String[]::new));
    }
  }

  private static void fillAll(Wire wire) throws IOException {
    fill(wire, "HSET", "h");
    fill(wire, "SADD", "s");
    fill(wire, "ZADD", "z");
    fill(wire, "RPUSH", "l");
    assertThat(wire.ask("HLEN", "h")).isEqualTo(":" + ELEMENTS);
    assertThat(pages(wire.node)).isGreaterThan(2_000);
  }

  /** Pages of database 0 on all tasks. */
  private static long pages(TestNode node) {
    var lane = node.engine().lane(Runnable::run);
    var execution = lane.hold();
    try {
      int space = node.door().keyspace().database(0).pages();
      long pages = 0;
      for (int task = 0; task < execution.tasks(); task++) {
        pages += execution.task(task).count(space);
      }
      return pages;
    } finally {
      lane.release();
    }
  }

  private static void awaitNoPages(TestNode node) {
    await().untilAsserted(() -> assertThat(pages(node)).isZero());
  }

  @Test
  void everyWayOfRemovingAnswersFirstAndFreesBehind() throws IOException {
    try (var node = node();
        var wire = new Wire(node)) {
      fillAll(wire);
      long all = pages(node);
      assertThat(wire.ask("DEL", "h")).isEqualTo(":1");
      assertThat(pages(node)).as("pages right after the reply").isGreaterThan(all / 2);
      wire.ask("SET", "s", "a string now");
      wire.ask("MULTI");
      wire.ask("RENAME", "s", "l");
      assertThat(wire.ask("EXEC")).isEqualTo("*[+OK]");
      wire.ask("PEXPIRE", "z", "1");
      awaitNoPages(node);
      assertThat(wire.ask("GET", "l")).isEqualTo("$a string now");
      assertThat(wire.ask("DBSIZE")).isEqualTo(":1");
      fillAll(wire);
      assertThat(wire.ask("UNLINK", "h", "s", "z", "l")).isEqualTo(":4");
      assertThat(wire.ask("FLUSHDB")).isEqualTo("+OK");
      fill(wire, "SADD", "again");
      assertThat(wire.ask("DEL", "again")).isEqualTo(":1");
      awaitNoPages(node);
    }
  }

  @Test
  void whatACrashLeavesIsFreedAfterTheStart() throws IOException {
    long digest;
    try (var wire = new Wire(node())) {
      fillAll(wire);
      wire.node.engine().checkpoint();
      wire.ask("SET", "other", "stays");
      assertThat(wire.ask("DEL", "h", "s", "z", "l")).isEqualTo(":4");
      wire.node.engine().checkpoint();
      digest = wire.node.engine().digest();
      wire.node.crash();
    }
    try (var wire = new Wire(node())) {
      assertThat(wire.node.engine().digest()).isEqualTo(digest);
      awaitNoPages(wire.node);
      assertThat(wire.node.engine().digest()).isEqualTo(digest);
      assertThat(wire.ask("GET", "other")).isEqualTo("$stays");
      wire.node.crash();
    }
    try (var wire = new Wire(node())) {
      awaitNoPages(wire.node);
      assertThat(wire.node.engine().digest()).isEqualTo(digest);
      wire.node.close();
    }
  }
}
