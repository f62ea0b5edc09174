package io.millrace.node.crash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's private keys must hold. Operations are whole: a MULTI block is one. The
 * first letter behind the prefix says what a key is: string, bulk string, counter, hash, list, set
 * (e), sorted set.
 */
final class Model {
  static final int KEYS = 10;
  static final int BULK = 900;

  private final String prefix;

  /** Values are replaced, never changed. */
  private final Map<String, Object> state;

  Model(String prefix) {
    this(prefix, Map.of());
  }

  private Model(String prefix, Map<String, Object> state) {
    this.prefix = prefix;
    this.state = new HashMap<>(state);
  }

  /**
   * One operation: the commands to send, what they do, and the answer of the last one where that is
   * known.
   */
  record Operation(
      List<List<String>> commands, Consumer<Model> effect, boolean read, @Nullable Object answer) {}

  Model copy() {
    return new Model(prefix, state);
  }

  Map<String, Object> state() {
    return state;
  }

  /** All names a kind of key may have. */
  List<String> names(char kind) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < (kind == 'b' ? BULK : KEYS); i++) {
      names.add(prefix + kind + i);
    }
    return names;
  }

  private String key(char kind, SplittableRandom random) {
    return prefix + kind + random.nextInt(kind == 'b' ? BULK : KEYS);
  }

  /** Makes a random operation that is valid in the current state. */
  Operation next(SplittableRandom random, long serial) {
    String s = key('s', random);
    String s2 = key('s', random);
    String c = key('c', random);
    String h = key('h', random);
    String e = key('e', random);
    String z = key('z', random);
    String member = "m" + random.nextInt(6);
    String value = "v" + serial + "-" + "x".repeat(random.nextInt(60));
    return switch (random.nextInt(25)) {
      case 0, 1 -> put(s, value, "SET", s, value);
      case 2 -> write(m -> m.increment(c), "INCR", c);
      case 3 -> write(m -> m.hash(h, f -> f.put(member, value)), "HSET", h, member, value);
      case 4 -> write(m -> m.hash(h, f -> f.remove(member)), "HDEL", h, member);
      case 5 -> delete(random);
      case 6 ->
          write(
              m -> {
                m.state.put(s, value);
                m.state.put(s2, value + "b");
              },
              "MSET",
              s,
              value,
              s2,
              value + "b");
      case 7, 8 -> rename(random, value);
      case 9 -> copyOf(random, value);
      case 10 -> multi(s, c, h, value);
      case 11 -> write(m -> m.set(e, f -> f.add(value)), "SADD", e, value);
      case 12 -> write(m -> m.set(e, f -> f.remove(member)), "SREM", e, member);
      case 13, 14 -> setStore(e, random);
      case 15 -> write(m -> m.zset(z, f -> f.put(member, serial)), "ZADD", z, "" + serial, member);
      case 16 -> write(m -> m.zset(z, f -> f.merge(member, 3L, Long::sum)), zincrby(z, member));
      case 17, 18 -> sortedStore(z, random);
      case 19 -> push(random, value);
      case 20, 21 -> move(random);
      case 22 -> write(m -> m.state.merge(s, "+a", (a, b) -> "" + a + b), "APPEND", s, "+a");
      case 23 -> bulk(random, serial);
      default -> read(random);
    };
  }

  private static String[] zincrby(String z, String member) {
    return new String[] {"ZINCRBY", z, "3", member};
  }

  private static Operation write(Consumer<Model> effect, String... command) {
    return new Operation(List.of(List.of(command)), effect, false, null);
  }

  private static Operation put(String key, String value, String... command) {
    return write(m -> m.state.put(key, value), command);
  }

  private Operation bulk(SplittableRandom random, long serial) {
    String key = key('b', random);
    String value = "b" + serial + "-" + "y".repeat(200 + random.nextInt(400));
    return put(key, value, "SET", key, value);
  }

  private Operation read(SplittableRandom random) {
    String key = key('b', random);
    return new Operation(List.of(List.of("GET", key)), m -> {}, true, state.get(key));
  }

  private Operation delete(SplittableRandom random) {
    String key = key("schez".charAt(random.nextInt(5)), random);
    return write(m -> m.state.remove(key), "DEL", key);
  }

  private Operation rename(SplittableRandom random, String value) {
    char kind = "sschelz".charAt(random.nextInt(7));
    String from = key(kind, random);
    String to = key(kind, random);
    if (!state.containsKey(from)) {
      String s = key('s', random);
      return put(s, value, "SET", s, value);
    }
    return write(
        m -> m.state.put(to, Objects.requireNonNull(m.state.remove(from))), "RENAME", from, to);
  }

  private Operation copyOf(SplittableRandom random, String value) {
    char kind = "sschelz".charAt(random.nextInt(7));
    String from = key(kind, random);
    String to = key(kind, random);
    if (!state.containsKey(from) || from.equals(to)) {
      String s = key('s', random);
      return put(s, value, "SET", s, value);
    }
    return write(
        m -> m.state.put(to, Objects.requireNonNull(m.state.get(from))),
        "COPY",
        from,
        to,
        "REPLACE");
  }

  private static Operation multi(String s, String c, String h, String value) {
    List<List<String>> commands =
        List.of(
            List.of("MULTI"),
            List.of("SET", s, value),
            List.of("INCR", c),
            List.of("HSET", h, "multi", value),
            List.of("EXEC"));
    return new Operation(
        commands,
        m -> {
          m.state.put(s, value);
          m.increment(c);
          m.hash(h, f -> f.put("multi", value));
        },
        false,
        null);
  }

  private Operation setStore(String target, SplittableRandom random) {
    String a = key('e', random);
    String b = key('e', random);
    return switch (random.nextInt(3)) {
      case 0 ->
          write(m -> m.storeSet(target, a, x -> x.addAll(m.set(b))), "SUNIONSTORE", target, a, b);
      case 1 ->
          write(
              m -> m.storeSet(target, a, x -> x.retainAll(m.set(b))), "SINTERSTORE", target, a, b);
      default ->
          write(m -> m.storeSet(target, a, x -> x.removeAll(m.set(b))), "SDIFFSTORE", target, a, b);
    };
  }

  private Operation sortedStore(String target, SplittableRandom random) {
    String a = key('z', random);
    String b = key('z', random);
    if (random.nextBoolean()) {
      int last = random.nextInt(4);
      return write(
          m -> m.replace(target, m.firstOf(a, last + 1)),
          "ZRANGESTORE",
          target,
          a,
          "0",
          Integer.toString(last));
    }
    return write(
        m -> {
          TreeMap<String, Long> union = new TreeMap<>(m.zset(a));
          m.zset(b).forEach((member, score) -> union.merge(member, score, Long::sum));
          m.replace(target, union);
        },
        "ZUNIONSTORE",
        target,
        "2",
        a,
        b);
  }

  private TreeMap<String, Long> firstOf(String key, int count) {
    TreeMap<String, Long> first = new TreeMap<>();
    zset(key).entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
        .limit(count)
        .forEach(entry -> first.put(entry.getKey(), entry.getValue()));
    return first;
  }

  private Operation push(SplittableRandom random, String value) {
    String l = key('l', random);
    return random.nextBoolean()
        ? write(m -> m.list(l, f -> f.addLast(value)), "RPUSH", l, value)
        : write(m -> m.list(l, f -> f.addFirst(value)), "LPUSH", l, value);
  }

  private Operation move(SplittableRandom random) {
    String from = key('l', random);
    String to = key('l', random);
    if (random.nextInt(4) == 0 || list(from).size() > 30) {
      return write(m -> m.list(from, f -> f.removeFirst()), "LPOP", from);
    }
    return write(
        m -> {
          List<String> source = m.list(from);
          if (!source.isEmpty()) {
            m.list(from, f -> f.removeFirst());
            m.list(to, f -> f.addLast(source.getFirst()));
          }
        },
        "LMOVE",
        from,
        to,
        "LEFT",
        "RIGHT");
  }

  private void increment(String key) {
    state.merge(key, "1", (a, b) -> Long.toString(Long.parseLong((String) a) + 1));
  }

  @SuppressWarnings("unchecked")
  private TreeMap<String, String> hash(String key) {
    return (TreeMap<String, String>) state.getOrDefault(key, new TreeMap<String, String>());
  }

  @SuppressWarnings("unchecked")
  private TreeSet<String> set(String key) {
    return (TreeSet<String>) state.getOrDefault(key, new TreeSet<String>());
  }

  @SuppressWarnings("unchecked")
  private TreeMap<String, Long> zset(String key) {
    return (TreeMap<String, Long>) state.getOrDefault(key, new TreeMap<String, Long>());
  }

  @SuppressWarnings("unchecked")
  private List<String> list(String key) {
    return (List<String>) state.getOrDefault(key, List.of());
  }

  private void hash(String key, Consumer<TreeMap<String, String>> change) {
    TreeMap<String, String> fields = new TreeMap<>(hash(key));
    change.accept(fields);
    replace(key, fields);
  }

  private void set(String key, Consumer<TreeSet<String>> change) {
    storeSet(key, key, change);
  }

  private void storeSet(String target, String source, Consumer<TreeSet<String>> change) {
    TreeSet<String> members = new TreeSet<>(set(source));
    change.accept(members);
    replace(target, members);
  }

  private void zset(String key, Consumer<TreeMap<String, Long>> change) {
    TreeMap<String, Long> members = new TreeMap<>(zset(key));
    change.accept(members);
    replace(key, members);
  }

  private void list(String key, Consumer<List<String>> change) {
    List<String> items = new ArrayList<>(list(key));
    try {
      change.accept(items);
    } catch (java.util.NoSuchElementException e) {
      // A pop from nothing.
      return;
    }
    replace(key, items);
  }

  /** Empty collections do not exist. */
  private void replace(String key, Object value) {
    boolean empty =
        value instanceof Map<?, ?> map
            ? map.isEmpty()
            : value instanceof java.util.Collection<?> all && all.isEmpty();
    if (empty) {
      state.remove(key);
    } else {
      state.put(key, value);
    }
  }
}
