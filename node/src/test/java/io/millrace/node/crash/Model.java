package io.millrace.node.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What one connection's private keys must hold: a map of key to value text, hashes printed in field
 * order. Operations are whole: a MULTI block is one.
 */
final class Model {
  private static final int KEYS = 12;

  private final String prefix;
  private final TreeMap<String, String> state;

  Model(String prefix) {
    this(prefix, new TreeMap<>());
  }

  private Model(String prefix, Map<String, String> state) {
    this.prefix = prefix;
    this.state = new TreeMap<>(state);
  }

  /** One operation: the commands to send and what they do to the map. */
  record Operation(List<List<String>> commands, List<String[]> effects) {}

  Model copy() {
    return new Model(prefix, state);
  }

  Map<String, String> state() {
    return state;
  }

  List<String> strings() {
    return names("s");
  }

  List<String> counters() {
    return names("c");
  }

  List<String> hashes() {
    return names("h");
  }

  private List<String> names(String kind) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      names.add(prefix + kind + i);
    }
    return names;
  }

  /** Makes a random operation that is valid in the current state. */
  Operation next(SplittableRandom random, long serial) {
    String s1 = strings().get(random.nextInt(KEYS));
    String s2 = strings().get(random.nextInt(KEYS));
    String c = counters().get(random.nextInt(KEYS));
    String h = hashes().get(random.nextInt(KEYS));
    String value = "v" + serial + "-" + "x".repeat(random.nextInt(60));
    return switch (random.nextInt(8)) {
      case 0, 1 -> one(List.of("SET", s1, value), set(s1, value));
      case 2 -> one(List.of("INCR", c), new String[] {"incr", c});
      case 3 -> one(List.of("HSET", h, "f" + random.nextInt(5), value), null);
      case 4 -> one(List.of("DEL", s1), new String[] {"del", s1});
      case 5 ->
          one(List.of("MSET", s1, value, s2, value + "b"), set(s1, value), set(s2, value + "b"));
      case 6 -> rename(s1, s2, value);
      default -> multi(s1, c, value);
    };
  }

  private static String[] set(String key, String value) {
    return new String[] {"set", key, value};
  }

  private static Operation one(List<String> command, String[]... effects) {
    if (command.getFirst().equals("HSET")) {
      String[] effect = {"hset", command.get(1), command.get(2), command.get(3)};
      return new Operation(List.of(command), List.<String[]>of(effect));
    }
    return new Operation(List.of(command), List.of(effects));
  }

  private Operation rename(String from, String to, String value) {
    if (!state.containsKey(from)) {
      return one(List.of("SET", from, value), set(from, value));
    }
    return one(List.of("RENAME", from, to), new String[] {"rename", from, to});
  }

  private static Operation multi(String s, String c, String value) {
    return new Operation(
        List.of(List.of("MULTI"), List.of("SET", s, value), List.of("INCR", c), List.of("EXEC")),
        List.of(set(s, value), new String[] {"incr", c}));
  }

  /** Applies an operation. */
  void apply(Operation operation) {
    for (String[] effect : operation.effects()) {
      String key = effect[1];
      switch (effect[0]) {
        case "set" -> state.put(key, effect[2]);
        case "del" -> state.remove(key);
        case "incr" -> state.merge(key, "1", Model::plusOne);
        case "rename" -> state.put(effect[2], java.util.Objects.requireNonNull(state.remove(key)));
        case "hset" -> state.put(key + "." + effect[2], effect[3]);
        default -> throw new IllegalStateException(effect[0]);
      }
    }
  }

  private static String plusOne(String old, String one) {
    return Long.toString(Long.parseLong(old) + Long.parseLong(one));
  }
}
