package io.millrace.node.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One connection and its oracle for power cuts. Every operation writes its number, so what is found
 * names the last one that survived; all before it must have survived as well.
 */
final class PowerWorker implements Runnable {
  static final int ACCOUNTS = 8;
  static final long MONEY = 100_000;
  private static final int BATCH = 8;

  /** An operation: what it leaves behind, and when it was answered; 0 while it was not. */
  private static final class Operation {
    final long number;
    final Map<String, String> effects;
    final List<List<String>> commands;
    final long sent;
    long answered;

    Operation(long number, Map<String, String> effects, List<List<String>> commands, long sent) {
      this.number = number;
      this.effects = effects;
      this.commands = commands;
      this.sent = sent;
    }
  }

  private final String name;
  private final SplittableRandom random;
  private final Map<String, String> base = new HashMap<>();
  private final List<Operation> operations = new ArrayList<>();
  private long number;
  private int port;
  private int batches;

  /** Number of the last answer that a SAVE covers. */
  private long saved;

  PowerWorker(int id, SplittableRandom random) {
    name = "p" + id;
    this.random = random;
  }

  void port(int value) {
    port = value;
  }

  static String account(int index) {
    return "account:" + index;
  }

  @Override
  public void run() {
    try (Wire wire = new Wire(port)) {
      while (true) {
        batch(wire);
        if (++batches % 400 == 0 && "OK".equals(wire.call("SAVE"))) {
          saved = number;
        }
      }
    } catch (IOException e) {
      // The power is gone; what was answered is in the list.
      return;
    }
  }

  private void batch(Wire wire) throws IOException {
    List<Operation> batch = new ArrayList<>();
    for (int i = 1 + random.nextInt(BATCH); i > 0; i--) {
      Operation operation = next(++number);
      batch.add(operation);
      operations.add(operation);
      for (List<String> command : operation.commands) {
        wire.send(command);
      }
    }
    wire.flush();
    for (Operation operation : batch) {
      Object last = null;
      for (int i = operation.commands.size(); i > 0; i--) {
        last = wire.reply();
      }
      if (last instanceof Wire.Failure failure) {
        throw new IOException(failure.message());
      }
      operation.answered = System.nanoTime();
    }
  }

  private Operation next(long n) {
    String value = n + "-" + "z".repeat(random.nextInt(20) == 0 ? 2_000 : (int) (n % 60));
    String key = name + ":k" + n % 12;
    String hash = name + ":h";
    String field = "f" + n % 20;
    long now = System.nanoTime();
    return switch (random.nextInt(4)) {
      case 0, 1 -> new Operation(n, Map.of(key, value), List.of(List.of("SET", key, value)), now);
      case 2 ->
          new Operation(
              n,
              Map.of(hash + "." + field, value),
              List.of(List.of("HSET", hash, field, value)),
              now);
      default -> transfer(n, key, value, now);
    };
  }

  private Operation transfer(long n, String key, String value, long now) {
    String from = account(random.nextInt(ACCOUNTS));
    String to = account(random.nextInt(ACCOUNTS));
    return new Operation(
        n,
        Map.of(key, value),
        List.of(
            List.of("MULTI"),
            List.of("DECRBY", from, "3"),
            List.of("SET", key, value),
            List.of("INCRBY", to, "3"),
            List.of("EXEC")),
        now);
  }

  /**
   * What is left of this connection's writes.
   *
   * @param answered operations that were answered
   * @param lost of these, how many are gone
   * @param oldestLost when the first lost one was answered
   * @param lastSurvivorSent when the last survivor was sent
   * @param newestSent when the newest answered one was sent
   * @param newest when the newest answer came
   */
  record Loss(
      long answered,
      long lost,
      long oldestLost,
      long lastSurvivorSent,
      long newestSent,
      long newest) {}

  /** Compares the node with the oracle, and goes on from what is there. */
  Loss check(Wire wire, String what) throws IOException {
    Map<String, String> found = read(wire);
    long last = 0;
    for (String value : found.values()) {
      last = Math.max(last, Long.parseLong(value.substring(0, value.indexOf('-'))));
    }
    Map<String, String> expected = new HashMap<>(base);
    long answered = 0;
    long lost = 0;
    long oldest = Long.MAX_VALUE;
    long newest = Long.MIN_VALUE;
    long newestSent = Long.MIN_VALUE;
    long survivorSent = Long.MIN_VALUE;
    for (Operation operation : operations) {
      boolean there = operation.number <= last;
      if (there) {
        expected.putAll(operation.effects);
        survivorSent = operation.sent;
      }
      if (operation.answered != 0) {
        answered++;
        newest = operation.answered;
        newestSent = operation.sent;
        if (!there) {
          lost++;
          oldest = Math.min(oldest, operation.answered);
        }
      }
    }
    if (!expected.equals(found)) {
      throw new AssertionError(
          what
              + ": a hole in "
              + name
              + " before "
              + last
              + "\nexpected "
              + expected
              + "\nfound    "
              + found);
    }
    if (last < saved) {
      throw new AssertionError(what + ": " + name + " lost what a SAVE covers: " + saved);
    }
    return new Loss(answered, lost, oldest, survivorSent, newestSent, newest);
  }

  /** Whether something that was answered before a moment did not survive. */
  boolean lostAnsweredBefore(long moment, long last) {
    for (Operation operation : operations) {
      if (operation.number > last && operation.answered != 0 && operation.answered < moment) {
        return true;
      }
    }
    return false;
  }

  /** The newest number found. */
  long newestFound(Wire wire) throws IOException {
    long last = 0;
    for (String value : read(wire).values()) {
      last = Math.max(last, Long.parseLong(value.substring(0, value.indexOf('-'))));
    }
    return last;
  }

  /** Takes what was found as the new beginning. */
  void settle(Wire wire) throws IOException {
    base.clear();
    base.putAll(read(wire));
    operations.clear();
    saved = 0;
  }

  private Map<String, String> read(Wire wire) throws IOException {
    Map<String, String> found = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      if (wire.call("GET", name + ":k" + i) instanceof String value) {
        found.put(name + ":k" + i, value);
      }
    }
    if (wire.call("HGETALL", name + ":h") instanceof List<?> pairs) {
      for (int i = 0; i < pairs.size(); i += 2) {
        found.put(name + ":h." + pairs.get(i), String.valueOf(pairs.get(i + 1)));
      }
    }
    return found;
  }
}
