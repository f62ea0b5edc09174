package io.millrace.resp.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

final class KeyspaceTablesIT {
  @TempDir private Path directory;
  private TestNode node;
  private Jedis redis;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.start(directory);
    redis = new Jedis("127.0.0.1", node.port());
  }

  @AfterEach
  void stop() throws IOException {
    redis.close();
    node.close();
  }

  private Table table(String name) {
    return node.door().keyspace().tables().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> rows(Table table, Snapshot snapshot, ScanRequest request) {
    var rows = new ArrayList<String>();
    var batch = new Object[7][request.columns().length];
    try (var cursor = table.scan(snapshot, request)) {
      for (int n = cursor.next(batch); n > 0; n = cursor.next(batch)) {
        for (int i = 0; i < n; i++) {
          rows.add(Arrays.toString(batch[i]));
        }
      }
    }
    rows.sort(null);
    return rows;
  }

  @Test
  void everyLiveKeyIsARowOfTheCut() {
    for (int i = 0; i < 1500; i++) {
      redis.set("k" + i, "v" + i);
    }
    redis.hset("h", "f", "1");
    redis.select(2);
    redis.psetex("short", 1, "gone");
    redis.set("other", "x");
    try (var snapshot = node.engine().snapshot()) {
      redis.set("later", "not in the cut");
      var all = rows(table("keys"), snapshot, new ScanRequest(new int[] {0, 1, 2}, null, null));
      assertThat(all).contains("[0, k7, string]", "[0, h, hash]", "[2, other, string]");
      assertThat(all).noneMatch(r -> r.contains("later"));
      assertThat(all).hasSizeBetween(1502, 1503).doesNotHaveDuplicates();
    }
  }

  @Test
  void aKeyGetReadsOneRow() {
    redis.set("a", "1");
    redis.set("b", "2");
    Object[] key = {0, "b"};
    try (var snapshot = node.engine().snapshot()) {
      assertThat(rows(table("strings"), snapshot, new ScanRequest(new int[] {1, 2}, key, key)))
          .containsExactly("[b, 2]");
    }
  }

  @Test
  void hashesHaveARowPerFieldHoweverLarge() {
    redis.hset("small", "f", "v");
    for (int i = 0; i < 3000; i++) {
      redis.hset("large", "f" + i, "v" + i);
    }
    try (var snapshot = node.engine().snapshot()) {
      redis.del("large");
      var all = rows(table("hashes"), snapshot, new ScanRequest(new int[] {1, 2, 3}, null, null));
      assertThat(all).hasSize(3001).contains("[large, f2999, v2999]", "[small, f, v]");
    }
  }

  @Test
  void listsSetsSortedSetsAndStreamsHaveARowPerElement() {
    redis.rpush("l", "a", "b", "c");
    redis.sadd("s", "x", "y");
    redis.zadd("z", 2.5, "two");
    redis.zadd("z", -1, "minus");
    redis.xadd("t", new StreamEntryID(7, 1), Map.of("temp", "20"));
    for (int i = 0; i < 1000; i++) {
      redis.rpush("long", "v" + i);
      redis.sadd("wide", "m" + i);
      redis.zadd("ranks", i / 4.0, "m" + i);
      redis.xadd("ticks", new StreamEntryID(i, 1), Map.of("n", "" + i));
    }
    redis.expire("z", 1000);
    try (var snapshot = node.engine().snapshot()) {
      redis.del("l", "wide", "ranks", "ticks");
      assertThat(all("lists", snapshot, 1, 2, 3))
          .hasSize(1003)
          .contains("[l, 0, a]", "[l, 2, c]", "[long, 999, v999]");
      assertThat(all("sets", snapshot, 1, 2)).hasSize(1002).contains("[s, y]", "[wide, m999]");
      assertThat(all("zsets", snapshot, 1, 2, 3))
          .hasSize(1002)
          .contains("[z, two, 2.5]", "[z, minus, -1.0]", "[ranks, m999, 249.75]");
      assertThat(all("zsets", snapshot, 1, 4)).noneMatch(row -> row.startsWith("[z, null"));
      assertThat(all("streams", snapshot, 1, 2, 3, 4, 5))
          .hasSize(1001)
          .contains("[t, 7-1, 0, temp, 20]", "[ticks, 999-1, 0, n, 999]");
    }
  }

  private List<String> all(String name, Snapshot snapshot, int... columns) {
    return rows(table(name), snapshot, new ScanRequest(columns, null, null));
  }

  @Test
  void aFlushAfterTheCutTakesNothingAway() {
    redis.set("a", "1");
    try (var snapshot = node.engine().snapshot()) {
      redis.flushAll();
      assertThat(rows(table("keys"), snapshot, new ScanRequest(new int[] {1}, null, null)))
          .containsExactly("[a]");
    }
  }
}
