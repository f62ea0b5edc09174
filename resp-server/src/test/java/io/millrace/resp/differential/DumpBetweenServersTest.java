package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.dump.Crc64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Values of every type and encoding travel between {@code redis-server} and Millrace. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
final class DumpBetweenServersTest {
  private static final int MANY = 3_000;
  private static final Set<String> NEWER_NAMES = Set.of("words", "list");

  @AutoClose private SideBySide servers;
  private RawClient redis;
  private RawClient millrace;

  @BeforeEach
  void start(@TempDir Path dir) throws Exception {
    servers = new SideBySide(dir, 1, config -> config.withTasks(4).withMemory(64 << 20, 1 << 20));
    redis = servers.redis();
    millrace = servers.millrace();
  }

  private static List<String> words(String line) {
    return new ArrayList<>(List.of(line.split(" ")));
  }

  private static void all(RawClient client, List<List<String>> commands) throws IOException {
    for (int from = 0; from < commands.size(); from += 500) {
      List<List<String>> some = commands.subList(from, Math.min(commands.size(), from + 500));
      client.sendAll(some);
      for (List<String> command : some) {
        assertThat(client.read().toString()).as("%s", command).doesNotContain("ERR");
      }
    }
  }

  private static List<List<String>> values() {
    List<List<String>> commands = new ArrayList<>();
    for (String line :
        List.of(
            "SET text hello",
            "SET int8 -128",
            "SET int16 32767",
            "SET int32 -2147483648",
            "SET int64 9223372036854775807",
            "SET notint 007",
            "RPUSH list a 1 -1 4095 -4096 4096 32768 8388607 -8388609 9223372036854775807 007",
            "SADD shorts 1 2 -3 32767",
            "SADD ints 1 -70000",
            "SADD longs 1 99999999999",
            "SADD words a b c 1",
            "HSET hash f1 v1 f2 2 f3 -3.5",
            "ZADD zset 1 a -inf b inf c 0.1 d 1e300 e 3 f -0.0 g",
            "XADD stream 1-1 f v g 2",
            "XADD stream 1-2 f w g 3",
            "XADD stream 5-0 other x",
            "XADD stream 5-1 f v g 4",
            "XADD stream 9-9 f v g 5",
            "XDEL stream 1-2 9-9",
            "XADD emptied 7-7 f v",
            "XDEL emptied 7-7")) {
      commands.add(words(line));
    }
    commands.add(List.of("SET", "empty", ""));
    commands.add(List.of("SET", "repeats", "abcdefgh".repeat(400)));
    commands.add(List.of("SET", "binary", "\u0000\u00ff\r\n" + "x".repeat(70)));
    commands.add(
        List.of("RPUSH", "wide", "y".repeat(20_000), "z".repeat(100), "", "w".repeat(5_000)));
    commands.add(List.of("HSET", "widehash", "f", "v".repeat(3_000), "", "g".repeat(64)));
    commands.add(List.of("SADD", "wideset", "m".repeat(3_000), ""));
    commands.add(List.of("ZADD", "widezset", "1", "m".repeat(3_000), "1", ""));
    for (int i = 0; i < MANY; i++) {
      commands.add(List.of("RPUSH", "longlist", "element " + i, Integer.toString(i * 77)));
      commands.add(List.of("SADD", "largeset", "member " + i));
      commands.add(List.of("SADD", "largeints", Integer.toString(i * i)));
      commands.add(List.of("HSET", "largehash", "field " + i, "value " + i));
      commands.add(List.of("ZADD", "largezset", Double.toString(i / 7.0), "member " + i));
      commands.add(List.of("XADD", "longstream", (i + 1) + "-" + i, "f", "v" + i, "g" + i % 3, ""));
    }
    return commands;
  }

  private static Reply contents(RawClient client, String key) throws IOException {
    String type = ((Reply.Text) client.call("TYPE", key)).value();
    return switch (type) {
      case "string" -> client.call("GET", key);
      case "list" -> client.call("LRANGE", key, "0", "-1");
      case "set" -> sorted(client.call("SMEMBERS", key));
      case "hash" -> ((Reply.Many) client.call("HGETALL", key)).sortedPairs();
      case "zset" -> client.call("ZRANGE", key, "0", "-1", "WITHSCORES");
      case "stream" -> client.call("XRANGE", key, "-", "+");
      default -> new Reply.Text('+', "none: " + key);
    };
  }

  private static Reply sorted(Reply reply) {
    return ((Reply.Many) reply).sorted();
  }

  private static Map<String, Reply> everything(RawClient client) throws IOException {
    Map<String, Reply> all = new LinkedHashMap<>();
    for (Reply key : ((Reply.Many) client.call("KEYS", "*")).sorted().items()) {
      String name = ((Reply.Text) key).value();
      all.put(name, contents(client, name));
    }
    return all;
  }

  private static void copy(RawClient from, RawClient to, String key) throws IOException {
    Reply payload = from.call("DUMP", key);
    assertThat(payload).as(key).isInstanceOf(Reply.Text.class);
    Reply done = to.call("RESTORE", key, "0", ((Reply.Text) payload).value());
    assertThat(done).as(key).isEqualTo(new Reply.Text('+', "OK"));
  }

  private static void sameLastId(RawClient one, RawClient other, String key) throws IOException {
    for (String id : List.of("1-1", "7-7", "9-9", "10-0")) {
      assertThat(one.call("XADD", key, id, "f", "v"))
          .isEqualTo(other.call("XADD", key, id, "f", "v"));
    }
    String[] tooLow = {"XSETID", key, "10-0", "MAXDELETEDID", "0-1"};
    assertThat(one.call(tooLow)).isEqualTo(other.call(tooLow));
  }

  @Test
  void whatRedisDumpsIsRestoredHere() throws Exception {
    all(redis, values());
    Map<String, Reply> expected = everything(redis);
    for (String key : expected.keySet()) {
      copy(redis, millrace, key);
    }
    assertThat(everything(millrace)).isEqualTo(expected);
    for (String key : expected.keySet()) {
      // Since 7.2 small lists and sets of words are listpacks.
      if (!NEWER_NAMES.contains(key)) {
        assertThat(millrace.call("OBJECT", "ENCODING", key))
            .as(key)
            .isEqualTo(redis.call("OBJECT", "ENCODING", key));
      }
    }
    assertThat(millrace.call("OBJECT", "ENCODING", "words").toString()).contains("listpack");
    servers.crash();
    millrace = servers.millrace();
    assertThat(everything(millrace)).as("after a crash").isEqualTo(expected);
    sameLastId(redis, millrace, "stream");
    sameLastId(redis, millrace, "emptied");
  }

  @Test
  void whatIsDumpedHereIsRestoredByRedis() throws Exception {
    all(millrace, values());
    Map<String, Reply> expected = everything(millrace);
    for (String key : expected.keySet()) {
      copy(millrace, redis, key);
    }
    assertThat(everything(redis)).isEqualTo(expected);
    for (String key : List.of("text", "int8", "int32", "int64", "notint", "shorts", "longs")) {
      Reply theirs = redis.call("DUMP", key);
      assertThat(millrace.call("DUMP", key)).as("bytes of %s", key).isEqualTo(theirs);
    }
    sameLastId(redis, millrace, "stream");
    sameLastId(redis, millrace, "emptied");
  }

  @Test
  void formsOfOlderVersionsAreRestoredAlike() throws Exception {
    Map<String, String> payloads = OldPayloads.all();
    payloads.forEach((name, payload) -> {
      try {
        String whole = footed(payload, 9);
        Reply ok = new Reply.Text('+', "OK");
        assertThat(redis.call("RESTORE", name, "0", whole)).as(name).isEqualTo(ok);
        assertThat(millrace.call("RESTORE", name, "0", whole)).as(name).isEqualTo(ok);
        assertThat(contents(millrace, name)).as(name).isEqualTo(contents(redis, name));
      } catch (IOException broken) {
        throw new AssertionError(name, broken);
      }
    });
    assertThat(millrace.call("DBSIZE")).isEqualTo(redis.call("DBSIZE"));
  }

  @Test
  void consumerGroupsAreRefusedInWords() throws Exception {
    redis.call("XADD", "stream", "1-1", "f", "v");
    redis.call("XGROUP", "CREATE", "stream", "group", "0");
    String payload = ((Reply.Text) redis.call("DUMP", "stream")).value();
    assertThat(millrace.call("RESTORE", "stream", "0", payload).toString())
        .contains("the stream has consumer groups");
    assertThat(millrace.call("EXISTS", "stream")).isEqualTo(new Reply.Text(':', "0"));
  }

  @Test
  void formsOf72AreRestored() throws Exception {
    String pack = OldPayloads.listpackOf("a", "b");
    assertThat(millrace.call("RESTORE", "set", "0", footed("\u0014" + pack, 11)).toString())
        .contains("OK");
    assertThat(sorted(millrace.call("SMEMBERS", "set")).toString()).contains("a", "b");
    assertThat(millrace.call("RESTORE", "late", "0", footed("\u0014" + pack, 12)).toString())
        .contains("DUMP payload version or checksum are wrong");
  }

  private static String footed(String body, int version) {
    byte[] bytes = (body + (char) version + "\u0000").getBytes(StandardCharsets.ISO_8859_1);
    long crc = Crc64.of(bytes, 0, bytes.length);
    StringBuilder whole = new StringBuilder(new String(bytes, StandardCharsets.ISO_8859_1));
    for (int i = 0; i < 8; i++) {
      whole.append((char) (crc >>> 8 * i & 0xFF));
    }
    return whole.toString();
  }
}
