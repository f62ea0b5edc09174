package io.millrace.resp.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Several sequences that share the servers, piece by piece in turn, and, if wanted, one kill of
 * Millrace in the middle of all of them. Both servers see all commands in one order, so what is
 * done to whole databases is done alike. A crowd is repeated by its seed.
 */
final class Crowd {
  private static final int STEPS = 60;

  private final long seed;
  private final int size;
  private final boolean kill;
  private final Coverage coverage;

  Crowd(long seed, int size, boolean kill, Coverage coverage) {
    this.seed = seed;
    this.size = size;
    this.kill = kill;
    this.coverage = coverage;
  }

  /** Runs all sequences; throws an AssertionError that holds all that is needed to repeat it. */
  void run(int redisPort, Target target, Set<String> names) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Sequence> all = new ArrayList<>();
    Transcript transcript = new Transcript();
    try {
      flush(redisPort);
      flush(target.port());
      for (int i = 0; i < size; i++) {
        String tag = size == 1 ? "" : random.nextBoolean() ? "s" + i : "{s" + i + "}";
        all.add(
            new Sequence(
                random.nextLong(), STEPS, tag, redisPort, target, names, coverage, transcript));
      }
      int pieces = 0;
      int killAt = kill ? random.nextInt(size * STEPS / 9, size * STEPS / 5) : -1;
      List<Sequence> running = new ArrayList<>(all);
      while (!running.isEmpty()) {
        if (pieces++ == killAt) {
          kill(all, target);
        }
        int at = random.nextInt(running.size());
        running.get(at).advance();
        if (running.get(at).done()) {
          running.remove(at);
        }
      }
      for (Sequence sequence : all) {
        sequence.finish();
      }
    } catch (AssertionError difference) {
      String file = System.getProperty("millrace.transcript");
      if (file != null) {
        Files.writeString(Path.of(file), transcript.all());
      }
      throw new AssertionError(
          "repeat with -Dmillrace.seed=" + seed + ": " + difference.getMessage(), difference);
    } finally {
      for (Sequence sequence : all) {
        sequence.close();
      }
    }
  }

  private static void kill(List<Sequence> all, Target target) throws IOException {
    for (Sequence sequence : all) {
      sequence.comeToRest();
    }
    target.crash();
    for (Sequence sequence : all) {
      sequence.goOn();
    }
  }

  private static void flush(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.call("FLUSHALL");
    }
  }
}
