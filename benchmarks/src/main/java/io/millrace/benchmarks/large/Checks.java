package io.millrace.benchmarks.large;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Random reads compared with the oracle. */
final class Checks {
  private static final Ask ASK_STRING = (pipe, i) -> pipe.begin(2).word("GET").word(Oracle.key(i));
  private static final Check STRING = (reply, i) -> same("GET", i, (byte[]) reply, Oracle.value(i));

  private final int port;
  private final Oracle.Size size;
  private final long seed;

  Checks(int port, Oracle.Size size, long seed) {
    this.port = port;
    this.size = size;
    this.seed = seed;
  }

  static byte[] bytes(long number) {
    return Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
  }

  static void same(String what, long index, byte @Nullable [] actual, byte[] expected) {
    if (!Arrays.equals(actual, expected)) {
      throw new IllegalStateException(
          what
              + " of "
              + index
              + " answered "
              + (actual == null ? "nil" : new String(actual, StandardCharsets.ISO_8859_1))
              + " instead of "
              + new String(expected, StandardCharsets.ISO_8859_1));
    }
  }

  private static void equal(String what, Object expected, @Nullable Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalStateException(what + " answered " + actual + " instead of " + expected);
    }
  }

  /** Counts are exact. */
  void counts() throws IOException {
    try (Pipe pipe = new Pipe(port)) {
      equal("DBSIZE", size.strings() + 2, pipe.ask("DBSIZE"));
      equal("HLEN", size.fields(), pipe.ask("HLEN", Oracle.HASH));
      equal("ZCARD", size.members(), pipe.ask("ZCARD", Oracle.SORTED));
    }
  }

  /** Asks for an element. */
  private interface Ask {
    void ask(Pipe pipe, long i) throws IOException;
  }

  /** Compares a reply with what it must be. */
  private interface Check {
    void check(@Nullable Object reply, long i);
  }

  /** Random GETs over some connections, each with some under way; returns how many a second. */
  double strings(int reads, int connections, int depth) throws IOException {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    long begin = System.nanoTime();
    for (int c = 0; c < connections; c++) {
      long own = seed + c;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  run(reads / connections, depth, size.strings(), own, ASK_STRING, STRING);
                } catch (IOException | RuntimeException e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      join(thread);
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.getFirst());
    }
    return reads / ((System.nanoTime() - begin) / 1e9);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private double run(int reads, int depth, long bound, long seeded, Ask ask, Check check)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seeded);
    ArrayDeque<Long> asked = new ArrayDeque<>();
    long begin = System.nanoTime();
    try (Pipe pipe = new Pipe(port)) {
      for (int i = 0; i < reads; i += depth) {
        for (int d = 0; d < depth; d++) {
          long index = random.nextLong(bound);
          asked.add(index);
          ask.ask(pipe, index);
        }
        pipe.flush();
        while (!asked.isEmpty()) {
          check.check(pipe.read(), asked.remove());
        }
      }
    }
    return reads / ((System.nanoTime() - begin) / 1e9);
  }

  /** Random HGETs; returns how many a second. */
  double fields(int reads) throws IOException {
    return run(
        reads,
        16,
        size.fields(),
        seed,
        (pipe, i) -> {
          pipe.begin(3).word("HGET").word(Oracle.HASH).word(Oracle.field(i));
        },
        (reply, i) -> {
          same("HGET", i, (byte[]) reply, Oracle.fieldValue(i));
        });
  }

  /** Random ZSCOREs; returns how many a second. */
  double scores(int reads) throws IOException {
    return run(
        reads,
        16,
        size.members(),
        seed,
        (pipe, i) -> {
          pipe.begin(3).word("ZSCORE").word(Oracle.SORTED).word(Oracle.member(i));
        },
        (reply, i) -> {
          same("ZSCORE", i, (byte[]) reply, bytes(Oracle.score(i)));
        });
  }

  /** Random ranks and ranges by rank, against the sorted scores. */
  void ranks(int reads) throws IOException {
    long[] sorted = new long[(int) size.members()];
    Arrays.setAll(sorted, Oracle::score);
    Arrays.sort(sorted);
    run(
        reads,
        16,
        size.members(),
        seed + 1,
        (pipe, i) -> {
          pipe.begin(3).word("ZRANK").word(Oracle.SORTED).word(Oracle.member(i));
        },
        (reply, i) -> {
          equal("ZRANK", (long) Arrays.binarySearch(sorted, Oracle.score(i)), reply);
        });
    run(
        reads / 10,
        4,
        size.members() - 10,
        seed + 2,
        (pipe, i) -> {
          pipe.command(
              "ZRANGE", Oracle.SORTED, Long.toString(i), Long.toString(i + 9), "WITHSCORES");
        },
        (reply, i) -> {
          List<?> items = (List<?>) reply;
          for (int j = 0; items != null && j < 10; j++) {
            long member = Oracle.index((byte[]) items.get(2 * j), 2);
            byte[] score = (byte[]) items.get(2 * j + 1);
            same("ZRANGE", i + j, score, bytes(sorted[(int) i + j]));
            same("ZRANGE member", member, score, bytes(Oracle.score(member)));
          }
        });
  }

  /** Random rows of the pstate; returns how many a second. */
  double policies(int reads) throws IOException {
    return run(
        reads,
        16,
        size.policies(),
        seed + 3,
        (pipe, i) -> {
          pipe.command("PSTATE.SELECT", "policies/grid", "[" + i + "]");
        },
        (reply, i) -> {
          List<?> row = reply == null ? List.of() : (List<?>) ((List<?>) reply).getFirst();
          equal("firstName", Oracle.firstName(i), text(row, "firstName"));
          equal("lastName", Oracle.lastName(i), text(row, "lastName"));
          equal("premiumCents", Oracle.premium(i), after(row, "premiumCents"));
        });
  }

  private static @Nullable Object after(List<?> row, String name) {
    for (int i = 0; i + 1 < row.size(); i += 2) {
      if (name.equals(new String((byte[]) row.get(i), StandardCharsets.ISO_8859_1))) {
        return row.get(i + 1);
      }
    }
    return null;
  }

  private static String text(List<?> row, String name) {
    return after(row, name) instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : "";
  }

  /** What was never stored is not there. */
  void absent(int reads) throws IOException {
    run(
        reads,
        16,
        Long.MAX_VALUE / 4,
        seed + 4,
        (pipe, i) -> {
          long strange = size.strings() + i % 1_000_000;
          switch ((int) (i % 3)) {
            case 0 -> pipe.begin(2).word("GET").word(Oracle.key(strange));
            case 1 -> pipe.begin(3).word("HGET").word(Oracle.HASH).word(Oracle.key(strange));
            default -> pipe.begin(3).word("ZSCORE").word(Oracle.SORTED).word(Oracle.key(strange));
          }
        },
        (reply, i) -> {
          if (reply != null) {
            throw new IllegalStateException(
                "something answers for " + i + " that was never stored");
          }
        });
  }

  /** The hash of all state. */
  String digest() throws IOException {
    try (Pipe pipe = new Pipe(port)) {
      return String.valueOf(pipe.ask("DEBUG", "STATE-DIGEST"));
    }
  }
}
