package io.millrace.node.crash;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection under load, and its oracle: after a kill the server must hold the acknowledged
 * operations plus a prefix of those that were under way.
 */
final class Worker implements Runnable {
  private static final int WINDOW = 8;
  static final int ACCOUNTS = 16;
  static final long START_MONEY = 1_000;

  private final int id;
  private final SplittableRandom random;
  private final AtomicLong acknowledged;
  private Model model;
  private final ArrayDeque<Model.Operation> flying = new ArrayDeque<>();
  private long serial;
  private int port;
  private volatile boolean stop;

  Worker(int id, long seed, AtomicLong acknowledged) {
    this.id = id;
    random = new SplittableRandom(seed);
    this.acknowledged = acknowledged;
    model = new Model("w" + id + ":");
  }

  void port(int value) {
    port = value;
    stop = false;
  }

  void stop() {
    stop = true;
  }

  /** Sends load until the connection breaks or {@link #stop}. */
  @Override
  public void run() {
    try (Wire wire = new Wire(port)) {
      while (!stop) {
        batch(wire);
        transfer(wire);
      }
    } catch (IOException e) {
      // The server was killed: what is under way stays in flying for the oracle.
      stop = true;
    }
  }

  private void batch(Wire wire) throws IOException {
    Model ahead = model.copy();
    for (int i = 1 + random.nextInt(WINDOW); i > 0; i--) {
      Model.Operation operation = ahead.next(random, serial++);
      ahead.apply(operation);
      flying.add(operation);
      for (List<String> command : operation.commands()) {
        wire.send(command);
      }
    }
    wire.flush();
    while (!flying.isEmpty()) {
      Object last = null;
      for (int i = flying.getFirst().commands().size(); i > 0; i--) {
        last = wire.reply();
      }
      if (last instanceof Wire.Failure failure) {
        throw new AssertionError(
            "worker " + id + ": " + flying.getFirst().commands() + " answered " + failure);
      }
      model.apply(flying.removeFirst());
      acknowledged.incrementAndGet();
    }
  }

  private void transfer(Wire wire) throws IOException {
    String amount = Integer.toString(1 + random.nextInt(9));
    wire.send(List.of("MULTI"));
    wire.send(List.of("DECRBY", account(random.nextInt(ACCOUNTS)), amount));
    wire.send(List.of("INCRBY", account(random.nextInt(ACCOUNTS)), amount));
    wire.send(List.of("EXEC"));
    wire.flush();
    for (int i = 0; i < 4; i++) {
      wire.reply();
    }
  }

  static String account(int index) {
    return "account:" + index;
  }

  /** Compares the server with the oracle and goes on from the state found. */
  void check(Wire wire) throws IOException {
    Map<String, String> found = read(wire);
    List<Model> candidates = new ArrayList<>();
    candidates.add(model);
    for (Model.Operation operation : flying) {
      Model next = candidates.getLast().copy();
      next.apply(operation);
      candidates.add(next);
    }
    for (Model candidate : candidates.reversed()) {
      if (candidate.state().equals(found)) {
        model = candidate;
        flying.clear();
        return;
      }
    }
    throw new AssertionError(
        "worker "
            + id
            + " found neither the acknowledged state nor one with a prefix of what was under way"
            + "\nacknowledged: "
            + model.state()
            + "\nfound:        "
            + found
            + "\nunder way:    "
            + flying.stream().map(Model.Operation::commands).toList());
  }

  private Map<String, String> read(Wire wire) throws IOException {
    Map<String, String> found = new TreeMap<>();
    List<String> plain = new ArrayList<>(model.strings());
    plain.addAll(model.counters());
    for (String key : plain) {
      if (wire.call("GET", key) instanceof String value) {
        found.put(key, value);
      }
    }
    for (String key : model.hashes()) {
      if (wire.call("HGETALL", key) instanceof List<?> pairs) {
        for (int i = 0; i < pairs.size(); i += 2) {
          found.put(key + "." + pairs.get(i), String.valueOf(pairs.get(i + 1)));
        }
      }
    }
    return found;
  }
}
