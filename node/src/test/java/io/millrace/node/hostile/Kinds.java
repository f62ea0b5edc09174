package io.millrace.node.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ways in which clients ask for more memory than there is, each through the doors of one node. */
final class Kinds {
  private static final long MIB = 1 << 20;

  /** A value that the node in a group of 512 MiB stores. */
  private static final long VALUE = 12 * MIB;

  private static final String EVENTS = "/depots/policies/events/events?type=policy_endorsed";

  private final int resp;
  private final int sql;
  private final int http;

  /** One kind. */
  interface Kind {
    /**
     * Does it.
     *
     * @param open clients to be closed when the kind is over
     */
    void run(List<Client> open) throws IOException;
  }

  Kinds(int resp, int sql, int http) {
    this.resp = resp;
    this.sql = sql;
    this.http = http;
  }

  /** All kinds by name, in order. */
  Map<String, Kind> all() {
    var all = new LinkedHashMap<String, Kind>();
    all.put("one SET of 300 MB", open -> client(open).callLarge(300 * MIB, "SET", "h:big"));
    all.put("six SETs of 20 MB", open -> values(open, 6, 20 * MIB));
    all.put("twenty SETs that fit, over each other", open -> values(open, 20, VALUE));
    all.put("20 values of 12 MB that do not end", open -> unfinished(open, 20, 12 * MIB));
    all.put("100 values of 1 MB that do not end", open -> unfinished(open, 100, MIB));
    all.put("APPEND and SETRANGE", this::growth);
    all.put("MSET of many", this::mset);
    all.put("LPUSH of elements of 1 MB", open -> elements(open, "LPUSH", "h:list"));
    all.put("HSET of fields of 1 MB", this::hash);
    all.put("SUNIONSTORE of large sets", this::union);
    all.put("50 slow readers of large values", this::slowReaders);
    all.put("MULTI with 600 GETs", this::transaction);
    all.put("LRANGE, SORT and KEYS over much", this::wide);
    all.put("PUBLISH to many who do not read", this::publish);
    all.put("pipelines nobody reads the replies of", this::deaf);
    all.put("one SQL text of 60 MB", open -> statement(open, "select '", 60 * MIB, "'"));
    all.put("30 SQL texts of 5 MB", this::texts);
    all.put("SQL that makes large texts", this::largeTexts);
    all.put("SQL that sorts and joins", this::sorts);
    all.put("SQL over large values", this::scans);
    all.put("events of 20 MB", open -> event(open, 20 * MIB));
    all.put("20 events of 8 MB that do not end", this::unfinishedEvents);
    all.put("NDJSON of 64 MB", this::bulk);
    return all;
  }

  private Client client(List<Client> open) throws IOException {
    return add(open, new Client(resp));
  }

  private static Client add(List<Client> open, Client client) {
    open.add(client);
    return client;
  }

  private void values(List<Client> open, int count, long bytes) throws IOException {
    for (int i = 0; i < count; i++) {
      client(open).callLarge(bytes, "SET", "h:value" + i % 8);
    }
  }

  private void unfinished(List<Client> open, int count, long bytes) throws IOException {
    for (int i = 0; i < count; i++) {
      var client = client(open);
      client.send("*3\r\n$3\r\nSET\r\n$5\r\nh:cut\r\n$" + (bytes + MIB) + "\r\n");
      client.fill(bytes);
    }
  }

  private void growth(List<Client> open) throws IOException {
    var client = client(open);
    client.call("DEL", "h:grown");
    for (int i = 0; i < 40; i++) {
      client.callLarge(MIB, "APPEND", "h:grown");
    }
    client.call("SETRANGE", "h:grown", 400 * MIB, "x");
    client.call("SETBIT", "h:bits", 4_000_000_000L, 1);
  }

  private void mset(List<Client> open) throws IOException {
    var client = client(open);
    client.send("*81\r\n$4\r\nMSET\r\n");
    for (int i = 0; i < 40; i++) {
      client.send("$6\r\nh:m" + (100 + i) + "\r\n$" + MIB + "\r\n");
      client.fill(MIB);
      client.send("\r\n");
    }
    client.reply();
  }

  private void elements(List<Client> open, String command, String key) throws IOException {
    var client = client(open);
    client.call("DEL", key);
    for (int i = 0; i < 48; i++) {
      client.callLarge(MIB, command, key);
    }
    client.call("LRANGE", key, 0, -1);
  }

  private void hash(List<Client> open) throws IOException {
    var client = client(open);
    client.call("DEL", "h:hash");
    for (int i = 0; i < 48; i++) {
      client.callLarge(MIB, "HSET", "h:hash", "f" + i);
    }
    client.call("HGETALL", "h:hash");
  }

  private void union(List<Client> open) throws IOException {
    var client = client(open);
    for (int set = 0; set < 4; set++) {
      for (int batch = 0; batch < 20; batch++) {
        var command = new Object[1002];
        command[0] = "SADD";
        command[1] = "h:set" + set;
        for (int i = 0; i < 1000; i++) {
          command[i + 2] = "a-member-of-some-length-" + set + "-" + batch + "-" + i;
        }
        client.call(command);
      }
    }
    client.call("SUNIONSTORE", "h:union", "h:set0", "h:set1", "h:set2", "h:set3");
    client.call("SORT", "h:union", "ALPHA");
    client.call("SMEMBERS", "h:union");
  }

  private void slowReaders(List<Client> open) throws IOException {
    client(open).callLarge(VALUE, "SET", "h:slow");
    for (int i = 0; i < 50; i++) {
      add(open, new Client(resp, 4096)).send(Client.command("GET", "h:slow").repeat(3));
    }
  }

  private void transaction(List<Client> open) throws IOException {
    var client = client(open);
    client.callLarge(MIB, "SET", "h:one");
    client.call("MULTI");
    for (int i = 0; i < 600; i++) {
      client.call("GET", "h:one");
    }
    client.call("EXEC");
    client.call("MULTI");
    for (int i = 0; i < 30; i++) {
      client.callLarge(MIB, "SET", "h:queued" + i);
    }
    client.call("EXEC");
  }

  private void wide(List<Client> open) throws IOException {
    var client = client(open);
    for (int batch = 0; batch < 40; batch++) {
      var command = new Object[4001];
      command[0] = "MSET";
      for (int i = 0; i < 2000; i++) {
        command[2 * i + 1] = "h:a-key-of-some-length:" + batch + ":" + i;
        command[2 * i + 2] = "v";
      }
      client.call(command);
    }
    client.call("KEYS", "*");
    client.call("SRANDMEMBER", "h:union", -2_000_000_000);
    client.call("SORT", "h:union", "BY", "h:nothing*", "GET", "#", "GET", "h:one*");
  }

  private void publish(List<Client> open) throws IOException {
    for (int i = 0; i < 40; i++) {
      add(open, new Client(resp, 4096)).call("SUBSCRIBE", "h:channel");
    }
    for (int i = 0; i < 8; i++) {
      client(open).callLarge(VALUE, "PUBLISH", "h:channel");
    }
  }

  private void deaf(List<Client> open) throws IOException {
    client(open).callLarge(32 << 10, "SET", "h:page");
    var many = Client.command("GET", "h:page").repeat(200);
    for (int i = 0; i < 200; i++) {
      add(open, new Client(resp, 4096)).send(many);
    }
  }

  private void statement(List<Client> open, String before, long bytes, String after)
      throws IOException {
    var client = add(open, new Client(sql)).sql();
    client.statement(before, bytes, after);
    client.message('Z');
  }

  private void texts(List<Client> open) throws IOException {
    for (int i = 0; i < 30; i++) {
      var client = add(open, new Client(sql)).sql();
      client.statement("select '", 5 * MIB, "'");
    }
    for (var client : open) {
      client.message('Z');
    }
  }

  private void queries(List<Client> open, String... statements) throws IOException {
    var started = new ArrayList<Client>();
    for (var statement : statements) {
      var client = add(open, new Client(sql)).sql();
      client.statement(statement, 0, "");
      started.add(client);
    }
    for (var client : started) {
      client.message('Z');
    }
  }

  private void largeTexts(List<Client> open) throws IOException {
    queries(
        open,
        "select repeat('x', 60000000)",
        "select repeat('x', 10000000), repeat('y', 10000000)",
        "select string_agg(repeat('x', 1000), ',') from generate_series(1, 200000)",
        "select array_agg(repeat('x', 1000)) from generate_series(1, 200000)");
  }

  private void sorts(List<Client> open) throws IOException {
    queries(
        open,
        "select a.key, b.key from redis.keys a, redis.keys b order by b.key, a.key limit 2000000",
        "select key, count(*) from redis.keys group by key order by 2, 1",
        "select distinct a.key || b.key from redis.keys a, redis.keys b");
  }

  private void scans(List<Client> open) throws IOException {
    queries(
        open,
        "select value from redis.strings",
        "select key, length(value) from redis.strings order by value",
        "select * from redis.lists",
        "select * from redis.hashes order by value");
  }

  private static final String EVENT = "{\"policyId\":1,\"happenedAt\":1,\"text\":\"";

  private Client post(List<Client> open, String type, long length) throws IOException {
    var client = add(open, new Client(http));
    client.send(
        "POST "
            + EVENTS
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n");
    return client;
  }

  private void event(List<Client> open, long bytes) throws IOException {
    var client = post(open, "application/json", EVENT.length() + bytes + 2);
    client.send(EVENT);
    client.fill(bytes);
    client.send("\"}");
    answered(client);
  }

  /** It was read: taken, too large, or no memory now. */
  private static void answered(Client client) throws IOException {
    var line = client.line();
    if (!line.matches("HTTP/1.1 (200|413|503) .*")) {
      throw new IllegalStateException("answered " + line);
    }
  }

  private void unfinishedEvents(List<Client> open) throws IOException {
    for (int i = 0; i < 20; i++) {
      var client = post(open, "application/json", EVENT.length() + 9 * MIB);
      client.send(EVENT);
      try {
        client.fill(8 * MIB);
      } catch (IOException refused) {
        // It has been told that there is no memory.
      }
    }
  }

  private void bulk(List<Client> open) throws IOException {
    int lines = 64;
    var client = post(open, "application/x-ndjson", lines * (EVENT.length() + MIB + 3L));
    for (int i = 0; i < lines; i++) {
      client.send(EVENT);
      client.fill(MIB);
      client.send("\"}\n");
    }
    answered(client);
  }
}
