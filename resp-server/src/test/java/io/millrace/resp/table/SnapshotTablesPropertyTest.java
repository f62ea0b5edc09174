package io.millrace.resp.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.EngineConfig;
import io.millrace.engine.Seeds;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;

/**
 * Random values of all types, small and large, in memory and on disk: the tables of a cut show what
 * commands read at that moment, whatever happens afterwards.
 */
final class SnapshotTablesPropertyTest {
  private static final int ROUNDS = 6;
  private static final int KEYS = 40;

  @TempDir private Path directory;

  private final long seed = Seeds.next();
  private final SplittableRandom random = new SplittableRandom(seed);
  private Jedis redis = new Jedis();

  @Test
  @Timeout(120)
  void tablesOfACutAreWhatCommandsReadAtThatMoment() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      // Every other start finds all values on disk, and has no room for most of them.
      boolean cold = round % 2 == 1;
      var node = TestNode.start(directory, 1, Map.of(), cold ? this::narrow : this::wide);
      redis = new Jedis("127.0.0.1", node.port());
      for (int i = 0; i < KEYS; i++) {
        change();
      }
      if (cold) {
        node.engine().checkpoint();
        node.engine().housekeep();
      }
      Map<String, List<String>> live = live();
      try (var snapshot = node.engine().snapshot()) {
        for (int i = 0; i < KEYS; i++) {
          change();
        }
        if (random.nextBoolean()) {
          node.engine().checkpoint();
        }
        live.forEach((name, rows) ->
            assertThat(rows(table(node, name), snapshot, null))
                .as("seed=%d table=%s", seed, name)
                .isEqualTo(rows));
        keyGets(node, snapshot, live);
      }
      if (round == ROUNDS - 2) {
        redis.flushAll();
      }
      redis.close();
      node.close();
    }
  }

  private EngineConfig narrow(EngineConfig config) {
    return config.withTasks(4).withMemory(1 << 20, 1 << 20);
  }

  private EngineConfig wide(EngineConfig config) {
    return config.withTasks(4);
  }

  private String key() {
    return "k" + random.nextInt(KEYS);
  }

  private int size() {
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextInt(4);
      case 1 -> 100 + random.nextInt(60);
      case 2 -> 500 + random.nextInt(50);
      default -> 1 + random.nextInt(1500);
    };
  }

  private String text() {
    return "v" + random.nextInt(100_000) + "x".repeat(random.nextInt(8) == 0 ? 90 : 6);
  }

  private void change() {
    redis.select(random.nextInt(10) == 0 ? 3 : 0);
    String key = key();
    if (random.nextInt(3) > 0) {
      redis.del(key);
    }
    String type = redis.type(key);
    int n = size();
    switch (type.equals("none") ? random.nextInt(6) : -1) {
      case 0 -> redis.set(key, random.nextBoolean() ? text() : "" + random.nextLong());
      case 1 -> redis.hset(key, fields(n));
      case 2 -> redis.rpush(key, texts(n));
      case 3 -> redis.sadd(key, random.nextBoolean() ? texts(n) : numbers(n));
      case 4 -> redis.zadd(key, scores(n));
      case 5 -> entries(key, Math.min(n, 300));
      default -> shrink(key, type);
    }
    if (random.nextInt(4) == 0) {
      redis.expire(key, 5_000);
    }
  }

  private void shrink(String key, String type) {
    switch (type) {
      case "list" -> redis.ltrim(key, random.nextInt(20), 400);
      case "set" -> redis.spop(key, random.nextInt(1000));
      case "zset" -> redis.zremrangeByRank(key, 5, random.nextInt(900));
      case "hash" -> redis.hdel(key, redis.hkeys(key).stream().limit(300).toArray(String[]::new));
      case "stream" -> redis.xtrim(key, random.nextInt(100), false);
      default -> redis.append(key, "more");
    }
  }

  private String[] texts(int n) {
    return IntStream.range(0, n).mapToObj(i -> text()).toArray(String[]::new);
  }

  private String[] numbers(int n) {
    return IntStream.range(0, n).mapToObj(i -> "" + random.nextInt()).toArray(String[]::new);
  }

  private Map<String, String> fields(int n) {
    var fields = new LinkedHashMap<String, String>();
    for (int i = 0; i < n; i++) {
      fields.put("f" + i, text());
    }
    return fields;
  }

  private Map<String, Double> scores(int n) {
    var scores = new LinkedHashMap<String, Double>();
    for (int i = 0; i < n; i++) {
      scores.put("m" + i, random.nextInt(50) / 4.0 - 3);
    }
    return scores;
  }

  private void entries(String key, int n) {
    for (int i = 0; i < n; i++) {
      var id = new StreamEntryID(i + 1, random.nextInt(3));
      redis.xadd(key, XAddParams.xAddParams().id(id), Map.of("a", text()));
    }
  }

  /** The rows of every table as commands tell them. */
  private Map<String, List<String>> live() {
    var rows = new TreeMap<String, List<String>>();
    for (var name : List.of("keys", "strings", "hashes", "lists", "sets", "zsets", "streams")) {
      rows.put(name, new ArrayList<>());
    }
    for (int db : new int[] {0, 3}) {
      redis.select(db);
      for (String key : redis.keys("*")) {
        String type = redis.type(key);
        long at = redis.pexpireTime(key);
        var expires = at < 0 ? null : (Object) at;
        String of = db + ", " + key + ", ";
        rows.get("keys").add(of + type + ", " + redis.objectEncoding(key) + ", " + expires);
        elements(key, type, cells -> rows.get(type + plural(type)).add(of + cells + expires));
      }
    }
    rows.values().forEach(all -> all.sort(null));
    return rows;
  }

  private static String plural(String type) {
    return type.equals("hash") ? "es" : "s";
  }

  private void elements(String key, String type, java.util.function.Consumer<String> sink) {
    switch (type) {
      case "string" -> sink.accept(redis.get(key) + ", ");
      case "hash" -> redis.hgetAll(key).forEach((f, v) -> sink.accept(f + ", " + v + ", "));
      case "set" -> redis.smembers(key).forEach(m -> sink.accept(m + ", "));
      case "zset" ->
          redis
              .zrangeWithScores(key, 0, -1)
              .forEach(m -> sink.accept(m.getElement() + ", " + m.getScore() + ", "));
      case "list" -> {
        var all = redis.lrange(key, 0, -1);
        IntStream.range(0, all.size()).forEach(i -> sink.accept(i + ", " + all.get(i) + ", "));
      }
      default ->
          redis
              .xrange(key, "-", "+")
              .forEach(e ->
                  e.getFields()
                      .forEach((f, v) -> sink.accept(e.getID() + ", 0, " + f + ", " + v + ", ")));
    }
  }

  private static Table table(TestNode node, String name) {
    return node.door().keyspace().tables().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> rows(Table table, Snapshot snapshot, Object @Nullable [] key) {
    // The last column of keys is the size of the stored entry, which no command tells.
    int columns = table.columns().size() - (table.name().equals("keys") ? 1 : 0);
    var request = new ScanRequest(IntStream.range(0, columns).toArray(), key, key);
    var rows = new ArrayList<String>();
    var batch = new Object[100][columns];
    try (var cursor = table.scan(snapshot, request)) {
      for (int n = cursor.next(batch); n > 0; n = cursor.next(batch)) {
        for (int i = 0; i < n; i++) {
          String row = Arrays.toString(batch[i]);
          rows.add(row.substring(1, row.length() - 1));
        }
      }
    }
    rows.sort(null);
    return rows;
  }

  private void keyGets(TestNode node, Snapshot snapshot, Map<String, List<String>> live) {
    for (int i = 0; i < 10; i++) {
      String key = key();
      live.forEach((name, rows) ->
          assertThat(rows(table(node, name), snapshot, new Object[] {0, key}))
              .as("seed=%d table=%s key=%s", seed, name, key)
              .isEqualTo(rows.stream().filter(r -> r.startsWith("0, " + key + ", ")).toList()));
    }
  }
}
