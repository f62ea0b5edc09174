package io.millrace.node.crash;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A connection with keys of its own: after a kill the server must hold the acknowledged operations
 * plus a prefix of those that were under way.
 */
final class Worker implements Actor {
  private static final int WINDOW = 8;

  private final int id;
  private final SplittableRandom random;
  private final ArrayDeque<Model.Operation> flying = new ArrayDeque<>();
  private Model model;
  private long serial;
  private long acknowledged;

  Worker(int id, long seed) {
    this.id = id;
    random = new SplittableRandom(seed);
    model = new Model("w" + id + ":");
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public void load(int port) throws IOException {
    Model ahead = model.copy();
    try (Wire wire = new Wire(port)) {
      while (true) {
        for (int i = 1 + random.nextInt(WINDOW); i > 0; i--) {
          Model.Operation operation = ahead.next(random, serial++);
          operation.effect().accept(ahead);
          flying.add(operation);
          for (List<String> command : operation.commands()) {
            wire.send(command);
          }
        }
        wire.flush();
        receive(wire);
        Actor.breathe(random, 4_000);
      }
    }
  }

  private void receive(Wire wire) throws IOException {
    while (!flying.isEmpty()) {
      Model.Operation operation = flying.getFirst();
      Object last = null;
      for (int i = operation.commands().size(); i > 0; i--) {
        last = wire.reply();
      }
      if (last instanceof Wire.Failure
          || operation.read() && !Objects.equals(last, operation.answer())) {
        throw new AssertionError(
            "worker "
                + id
                + ": "
                + operation.commands()
                + " answered "
                + last
                + (operation.read() ? " instead of " + operation.answer() : ""));
      }
      operation.effect().accept(model);
      flying.removeFirst();
      acknowledged++;
    }
  }

  @Override
  public void check(Wire wire) throws IOException {
    Map<String, Object> found = read(wire);
    Model candidate = model.copy();
    @Nullable Model fits = candidate.state().equals(found) ? candidate.copy() : null;
    for (Model.Operation operation : flying) {
      operation.effect().accept(candidate);
      if (candidate.state().equals(found)) {
        fits = candidate.copy();
      }
    }
    if (fits == null) {
      throw new AssertionError(
          "worker "
              + id
              + " found neither the acknowledged state nor one with a prefix of what was under way:"
              + difference(found)
              + "\nunder way: "
              + flying.stream().map(Model.Operation::commands).toList());
    }
    model = fits;
    flying.clear();
  }

  private String difference(Map<String, Object> found) {
    StringBuilder text = new StringBuilder();
    TreeSet<String> keys = new TreeSet<>(found.keySet());
    keys.addAll(model.state().keySet());
    for (String key : keys) {
      if (!Objects.equals(found.get(key), model.state().get(key))) {
        text.append("\n  ").append(key).append(" acknowledged ").append(model.state().get(key));
        text.append(" found ").append(found.get(key));
      }
    }
    return text.toString();
  }

  private Map<String, Object> read(Wire wire) throws IOException {
    Map<String, Object> found = new HashMap<>();
    read(wire, found, 's', List.of("GET"), List.of());
    read(wire, found, 'c', List.of("GET"), List.of());
    read(wire, found, 'b', List.of("GET"), List.of());
    read(wire, found, 'h', List.of("HGETALL"), List.of());
    read(wire, found, 'l', List.of("LRANGE"), List.of("0", "-1"));
    read(wire, found, 'e', List.of("SMEMBERS"), List.of());
    read(wire, found, 'z', List.of("ZRANGE"), List.of("0", "-1", "WITHSCORES"));
    return found;
  }

  private void read(
      Wire wire, Map<String, Object> found, char kind, List<String> before, List<String> after)
      throws IOException {
    List<String> names = model.names(kind);
    for (String name : names) {
      List<String> command = new ArrayList<>(before);
      command.add(name);
      command.addAll(after);
      wire.send(command);
    }
    wire.flush();
    for (String name : names) {
      Object answer = wire.reply();
      if (answer instanceof Wire.Failure failure) {
        throw new AssertionError("worker " + id + ": " + name + " answered " + failure);
      }
      if (answer instanceof List<?> items) {
        if (!items.isEmpty()) {
          found.put(name, collection(kind, items));
        }
      } else if (answer != null) {
        found.put(name, answer);
      }
    }
  }

  private static Object collection(char kind, List<?> items) {
    List<String> texts = items.stream().map(String::valueOf).toList();
    return switch (kind) {
      case 'l' -> texts;
      case 'e' -> new TreeSet<>(texts);
      case 'h' -> {
        TreeMap<String, String> fields = new TreeMap<>();
        for (int i = 0; i < texts.size(); i += 2) {
          fields.put(texts.get(i), texts.get(i + 1));
        }
        yield fields;
      }
      default -> {
        TreeMap<String, Long> scores = new TreeMap<>();
        for (int i = 0; i < texts.size(); i += 2) {
          scores.put(texts.get(i), Long.parseLong(texts.get(i + 1)));
        }
        yield scores;
      }
    };
  }
}
