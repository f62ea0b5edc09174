package io.millrace.node.crash;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sends events to a module. Each carries an idempotency key and is sent again after a kill when it
 * was not answered, so that in the end every one is counted exactly once.
 */
final class Events implements Actor {
  private static final int WINDOW = 5;

  private final SplittableRandom random;
  private final ArrayDeque<List<String>> flying = new ArrayDeque<>();
  private long sent;
  private long acknowledged;

  Events(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public void load(int port) throws IOException {
    try (Wire wire = new Wire(port)) {
      while (true) {
        for (int i = 1 + random.nextInt(WINDOW); i > 0; i--) {
          List<String> command = next();
          flying.add(command);
          wire.send(command);
        }
        wire.flush();
        while (!flying.isEmpty()) {
          refuse(wire.reply());
          flying.removeFirst();
          acknowledged++;
        }
        Actor.breathe(random, 4_000);
      }
    }
  }

  private List<String> next() {
    long id = sent++;
    StringBuilder to = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      to.append(to.isEmpty() ? "" : ",").append(random.nextInt(CrashMoney.ACCOUNTS));
    }
    String move =
        "{\"id\":%d,\"from\":%d,\"to\":[%s],\"amount\":%d}"
            .formatted(id, random.nextInt(CrashMoney.ACCOUNTS), to, 1 + random.nextInt(50));
    return List.of("DEPOT.APPEND", "crash_money/moves", "KEY", "move-" + id, move);
  }

  private static void refuse(Object answer) {
    if (answer instanceof Wire.Failure failure) {
      throw new AssertionError("an event was answered " + failure);
    }
  }

  @Override
  public void check(Wire wire) throws IOException {
    conserved(wire);
    long counted = sum(wire, "crash_money/counts");
    if (counted < sent - flying.size() || counted > sent) {
      throw new AssertionError(
          counted + " events were folded, sent " + sent + ", unanswered " + flying.size());
    }
    for (List<String> again : flying) {
      wire.send(again);
    }
    wire.flush();
    for (int i = flying.size(); i > 0; i--) {
      refuse(wire.reply());
    }
    flying.clear();
    counted = sum(wire, "crash_money/counts");
    if (counted != sent) {
      throw new AssertionError("sent again, " + counted + " events of " + sent + " are folded");
    }
    conserved(wire);
  }

  private static void conserved(Wire wire) throws IOException {
    long balances = sum(wire, "crash_money/balances");
    long fees = sum(wire, "crash_money/fee_totals");
    if (balances + fees != 0) {
      throw new AssertionError("the total is not conserved: " + balances + " and fees " + fees);
    }
  }

  private static long sum(Wire wire, String pstate) throws IOException {
    Object answer = wire.call("PSTATE.SELECT", pstate, "[{\"vals\": true}]");
    if (!(answer instanceof List<?> values)) {
      throw new AssertionError(pstate + " answered " + answer);
    }
    return values.stream().mapToLong(value -> Long.parseLong(String.valueOf(value))).sum();
  }
}
