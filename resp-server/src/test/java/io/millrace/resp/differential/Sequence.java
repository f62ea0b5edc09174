package io.millrace.resp.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One random sequence over two interleaved connections to each server. */
final class Sequence {
  private static final List<String> STATE_ENDERS = List.of("EXEC", "DISCARD", "RESET");

  private final long seed;
  private final int steps;
  private final boolean crash;
  private final Map<String, Long> counts;
  private final List<String> log = new ArrayList<>();
  private final int[] database = new int[2];
  private final int[] protocol = new int[2];

  @SuppressWarnings("unchecked")
  private final @Nullable List<List<String>>[] queued = new List[2];

  Sequence(long seed, int steps, boolean crash, Map<String, Long> counts) {
    this.seed = seed;
    this.steps = steps;
    this.crash = crash;
    this.counts = counts;
  }

  /** Runs the sequence; throws an AssertionError that holds all that is needed to replay it. */
  void run(int redisPort, Target target, Set<String> names) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Generator generator = new Generator(random, names);
    int crashAt = crash ? random.nextInt(steps) : -1;
    Pair[] pairs = {new Pair(redisPort, target.port()), new Pair(redisPort, target.port())};
    try {
      flush(pairs[0]);
      for (int i = 0; i < 2; i++) {
        protocol[i] = random.nextBoolean() ? 2 : 3;
        hello(pairs[i], i);
      }
      for (int step = 0; step < steps; step++) {
        if (step == crashAt) {
          pairs = crashed(pairs, redisPort, target);
        }
        int i = random.nextInt(2);
        step(pairs[i], i, generator.next());
      }
      for (int i = 0; i < 2; i++) {
        if (queued[i] != null) {
          step(pairs[i], i, List.of("EXEC"));
        }
      }
      compareState(pairs[0]);
    } finally {
      for (Pair pair : pairs) {
        pair.close();
      }
    }
  }

  private static void flush(Pair pair) throws IOException {
    pair.redis.call("FLUSHALL");
    pair.ours.call("FLUSHALL");
  }

  private void hello(Pair pair, int i) throws IOException {
    String version = Integer.toString(protocol[i]);
    pair.redis.call("HELLO", version);
    pair.ours.call("HELLO", version);
    log.add(i + "> HELLO " + version);
  }

  private Pair[] crashed(Pair[] pairs, int redisPort, Target target) throws IOException {
    for (int i = 0; i < 2; i++) {
      if (queued[i] != null) {
        step(pairs[i], i, List.of("DISCARD"));
      }
      pairs[i].close();
    }
    target.crash();
    log.add("-- crash and restart --");
    Pair[] fresh = {new Pair(redisPort, target.port()), new Pair(redisPort, target.port())};
    for (int i = 0; i < 2; i++) {
      hello(fresh[i], i);
      step(fresh[i], i, List.of("SELECT", Integer.toString(database[i])));
    }
    return fresh;
  }

  private void step(Pair pair, int i, List<String> command) throws IOException {
    log.add(i + "> " + printable(command));
    counts.merge(command.get(0).toLowerCase(Locale.ROOT), 1L, Long::sum);
    pair.redis.send(command);
    pair.ours.send(command);
    Reply redis = pair.redis.read();
    Reply ours = read(pair);
    String name = command.get(0).toUpperCase(Locale.ROOT);
    boolean same =
        name.equals("EXEC") && queued[i] != null
            ? sameExec(i, redis, ours)
            : Differences.same(command, redis, ours);
    if (!same) {
      throw different(printable(command), redis, ours);
    }
    follow(i, command, name, redis);
    if (command.contains("PX") && command.contains("1") || name.equals("EXEC")) {
      pause();
    }
  }

  private Reply read(Pair pair) throws IOException {
    try {
      return pair.ours.read();
    } catch (IOException e) {
      throw new AssertionError(report("no reply from Millrace: " + e), e);
    }
  }

  private boolean sameExec(int i, Reply redis, Reply ours) {
    if (redis.equals(ours)) {
      return true;
    }
    if (!(redis instanceof Reply.Many a)
        || !(ours instanceof Reply.Many b)
        || a.items().size() != b.items().size()
        || a.items().size() != queued[i].size()) {
      return false;
    }
    for (int at = 0; at < a.items().size(); at++) {
      if (!Differences.same(queued[i].get(at), a.items().get(at), b.items().get(at))) {
        return false;
      }
    }
    return true;
  }

  private void follow(int i, List<String> command, String name, Reply redis) {
    boolean ok = redis instanceof Reply.Text t && t.type() == '+';
    boolean inQueue = redis instanceof Reply.Text t && t.value().equals("QUEUED");
    if (queued[i] != null && inQueue) {
      queued[i].add(command);
    } else if (name.equals("MULTI") && ok) {
      queued[i] = new ArrayList<>();
    } else if (STATE_ENDERS.contains(name) && !isArityError(redis)) {
      if (name.equals("EXEC") && redis instanceof Reply.Many && queued[i] != null) {
        queued[i].forEach(q -> followSelect(i, q));
      }
      queued[i] = null;
    } else if (ok) {
      followSelect(i, command);
    }
  }

  private static boolean isArityError(Reply reply) {
    return reply instanceof Reply.Text t && t.type() == '-' && t.value().contains("number of arg");
  }

  private void followSelect(int i, List<String> command) {
    if (command.get(0).equalsIgnoreCase("SELECT") && command.size() == 2) {
      try {
        database[i] = Integer.parseInt(command.get(1).strip());
      } catch (NumberFormatException e) {
        database[i] = 0;
      }
    }
  }

  private static void pause() {
    long until = System.nanoTime() + 3_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private void compareState(Pair pair) throws IOException {
    for (int db = 0; db < 3; db++) {
      step(pair, 0, List.of("SELECT", Integer.toString(db)));
      for (int k = 0; k < 20; k++) {
        String key = "k" + k;
        step(pair, 0, List.of("PTTL", key));
        Reply type = pair.redis.call("TYPE", key);
        if (!type.equals(pair.ours.call("TYPE", key))) {
          throw different("TYPE " + key, type, pair.ours.call("TYPE", key));
        }
        List<String> read = readAll(type, key);
        if (!read.isEmpty()) {
          step(pair, 0, read);
        }
      }
      step(pair, 0, List.of("DBSIZE"));
    }
  }

  private static List<String> readAll(Reply type, String key) {
    return switch (type instanceof Reply.Text t ? t.value() : "") {
      case "string" -> List.of("GET", key);
      case "hash" -> List.of("HGETALL", key);
      case "list" -> List.of("LRANGE", key, "0", "-1");
      case "set" -> List.of("SMEMBERS", key);
      case "zset" -> List.of("ZRANGE", key, "0", "-1", "WITHSCORES");
      case "stream" -> List.of("XRANGE", key, "-", "+");
      default -> List.of();
    };
  }

  private AssertionError different(String what, Reply redis, Reply ours) {
    return new AssertionError(report(what + "\n  redis:    " + redis + "\n  millrace: " + ours));
  }

  private String report(String what) {
    int from = Math.max(0, log.size() - 200);
    return "replay with -Dmillrace.seed="
        + seed
        + "\n"
        + what
        + "\nsequence:\n"
        + String.join("\n", log.subList(from, log.size()));
  }

  private static String printable(List<String> command) {
    StringBuilder text = new StringBuilder();
    for (String word : command) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(word.isEmpty() ? "\"\"" : word.replaceAll("[^ -~]", "?"));
    }
    return text.toString();
  }

  private record Pair(RawClient redis, RawClient ours) implements AutoCloseable {
    Pair(int redisPort, int ourPort) throws IOException {
      this(new RawClient(redisPort), new RawClient(ourPort));
    }

    @Override
    public void close() throws IOException {
      redis.close();
      ours.close();
    }
  }
}
