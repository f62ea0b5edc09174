package io.millrace.node.config;

import io.millrace.node.config.ConfigKey.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All keys: those of Millrace, those of Redis that act, and those of Redis that are only known. */
public final class ConfigKeys {
  private static final List<ConfigKey> ACTING =
      List.of(
          ConfigKey.of("port", Kind.PORT, "6379", "Port of the RESP door; 0 closes it."),
          ConfigKey.of("sql-port", Kind.PORT, "5433", "Port of the SQL door; 0 closes it."),
          ConfigKey.of("http-port", Kind.PORT, "8080", "Port of the HTTP door; 0 closes it."),
          ConfigKey.of("bind", Kind.LIST, "127.0.0.1", "Addresses of all doors."),
          ConfigKey.of("dir", Kind.TEXT, "./data", "The data directory."),
          ConfigKey.choice(
              "appendfsync",
              "everysec",
              List.of("always", "everysec", "no"),
              "When the journal is synced to the disk."),
          ConfigKey.of("requirepass", Kind.TEXT, "", "Password of all doors; empty for none."),
          ConfigKey.of("requirepass-file", Kind.TEXT, "", "File whose first line is the password."),
          ConfigKey.choice(
              "protected-mode",
              "yes",
              List.of("no", "yes"),
              "Whether only loopback may come in while no password is set."),
          ConfigKey.of(
              "login-timeout", Kind.NUMBER, "10", "Seconds a client has to log in; 1 to 3600."),
          ConfigKey.of(
              "timeout",
              Kind.NUMBER,
              "0",
              "Seconds after which an idle RESP client goes; 0: never."),
          ConfigKey.of(
              "tcp-keepalive", Kind.NUMBER, "300", "Seconds until a silent RESP client is probed."),
          ConfigKey.of(
              "http-allowed-hosts",
              Kind.LIST,
              "",
              "Host names, beside localhost and addresses, that the HTTP door answers to"
                  + " without a password."),
          ConfigKey.of(
              "http-allowed-origins",
              Kind.LIST,
              "",
              "Origins of web pages, such as https://app.example, that may use the HTTP door."),
          ConfigKey.of("tasks", Kind.NUMBER, "64", "Tasks; fixed when the directory is made."),
          ConfigKey.of("lanes", Kind.NUMBER, "0", "Worker threads; 0 is one per core."),
          ConfigKey.of("hot-memory", Kind.BYTES, "auto", "Budget of state kept in memory."),
          ConfigKey.of(
              "modules", Kind.LIST, "", "Modules to run, by name, with spaces or commas between."),
          ConfigKey.of(
              "retire",
              Kind.LIST,
              "",
              "Absent modules whose state and events are given up for good at this start."),
          ConfigKey.of(
              "fold-max-events",
              Kind.NUMBER,
              "100000",
              "Stages and events one event may lead to before its topology is stopped."),
          ConfigKey.of(
              "fold-max-time-ms",
              Kind.NUMBER,
              "1000",
              "Processor time one stage of a topology may take, in ms; ten times as much in all."),
          ConfigKey.of(
              "fold-max-memory",
              Kind.BYTES,
              "0",
              "Memory one stage of a topology may allocate; 0 is half of the heap."),
          ConfigKey.of("checkpoint-bytes", Kind.BYTES, "256mb", "Journal between checkpoints."),
          ConfigKey.of("checkpoint-seconds", Kind.NUMBER, "60", "Time between checkpoints."),
          ConfigKey.of("journal-segment-bytes", Kind.BYTES, "64mb", "Size of a journal segment."),
          ConfigKey.choice(
              "keep-journal",
              "no",
              List.of("no", "yes"),
              "Whether journal segments go to the archive instead of being deleted."),
          ConfigKey.of(
              "keep-checkpoints", Kind.NUMBER, "0", "Checkpoints kept beside the newest state."),
          ConfigKey.of(
              "store-memtable-bytes",
              Kind.BYTES,
              "64mb",
              "Without effect: memtables hold a checkpoint."),
          ConfigKey.of(
              "http-max-body", Kind.BYTES, "64mb", "Largest body of one HTTP event or line."),
          ConfigKey.of(
              "sql-statement-timeout",
              Kind.NUMBER,
              "60000",
              "Limit of a statement in ms; 0 for none. A session may change its own."),
          ConfigKey.of(
              "sql-statement-memory",
              Kind.BYTES,
              "0",
              "Memory one statement may hold; 0 is 256mb, or an eighth of the heap."),
          ConfigKey.of(
              "sql-memory",
              Kind.BYTES,
              "0",
              "Memory all statements may hold; 0 is a quarter of the heap."),
          ConfigKey.of("databases", Kind.NUMBER, "16", "Numbered databases of the keyspace."),
          ConfigKey.of("maxmemory", Kind.BYTES, "0", "Keyspace limit, after which keys go."),
          ConfigKey.choice(
              "maxmemory-policy",
              "noeviction",
              List.of(
                  "noeviction",
                  "allkeys-lru",
                  "allkeys-lfu",
                  "allkeys-random",
                  "volatile-lru",
                  "volatile-lfu",
                  "volatile-random",
                  "volatile-ttl"),
              "Which keys go when maxmemory is reached."),
          ConfigKey.of("maxmemory-samples", Kind.NUMBER, "5", "Keys compared per eviction."),
          ConfigKey.of("notify-keyspace-events", Kind.TEXT, "", "Events that are published."),
          ConfigKey.of("slowlog-log-slower-than", Kind.ANY, "10000", "Slow is above, in us."),
          ConfigKey.of("slowlog-max-len", Kind.NUMBER, "128", "Entries of the slow log."),
          ConfigKey.of("hash-max-listpack-entries", Kind.NUMBER, "512", "Fields of a small hash."),
          ConfigKey.of(
              "hash-max-listpack-value", Kind.NUMBER, "64", "Longest value of a small hash."),
          ConfigKey.of("proto-max-bulk-len", Kind.BYTES, "512mb", "Longest argument of a command."),
          ConfigKey.choice(
              "enable-debug-command", "no", List.of("no", "yes", "local"), "Whether DEBUG runs."),
          ConfigKey.of("maxclients", Kind.NUMBER, "10000", "Connections of the RESP door."),
          ConfigKey.of("sql-max-connections", Kind.NUMBER, "200", "Connections of the SQL door."),
          ConfigKey.of(
              "http-max-connections", Kind.NUMBER, "1000", "Connections of the HTTP door."),
          ConfigKey.choice(
              "loglevel",
              "notice",
              List.of("debug", "verbose", "notice", "warning", "nothing"),
              "What is logged."),
          ConfigKey.of("logfile", Kind.TEXT, "", "Log file; empty for standard output."),
          ConfigKey.of("pidfile", Kind.TEXT, "", "File for the process id; empty for none."));

  private static final Map<String, ConfigKey> ALL = load();

  private ConfigKeys() {}

  /** All keys by name, those that act first. */
  public static Map<String, ConfigKey> all() {
    return ALL;
  }

  /** The key of a name. */
  static @Nullable ConfigKey find(String name) {
    return ALL.get(name);
  }

  /** The known key that is nearest to a mistyped one; empty when none is near. */
  static String nearest(String name) {
    var best = "";
    var bestDistance = 2 + name.length() / 3;
    for (var known : ALL.keySet()) {
      var distance = distance(name, known);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = known;
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    var previous = new int[b.length() + 1];
    for (var j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      var current = new int[b.length() + 1];
      current[0] = i;
      for (var j = 1; j <= b.length(); j++) {
        var replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }

  private static Map<String, ConfigKey> load() {
    var keys = new LinkedHashMap<String, ConfigKey>();
    for (var key : ACTING) {
      keys.put(key.name(), key);
    }
    var resource = ConfigKeys.class.getResourceAsStream("redis-7.2.conf");
    try (var in =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(resource), StandardCharsets.UTF_8))) {
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        var words = ConfSyntax.words(line, "redis-7.2.conf");
        if (!words.isEmpty()) {
          var value = String.join(" ", words.subList(1, words.size()));
          keys.putIfAbsent(words.getFirst(), ConfigKey.noted(words.getFirst(), value));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return java.util.Collections.unmodifiableMap(keys);
  }
}
