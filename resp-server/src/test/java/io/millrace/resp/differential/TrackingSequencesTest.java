package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that keep copies, beside a real {@code redis-server}: one that reads at random, one that
 * hears of a prefix. After each random change both servers have called the same names back. {@code
 * -Dmillrace.tracking=N} sets the number of sequences.
 */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrackingSequencesTest {
  private static final int SEQUENCES = Integer.getInteger("millrace.tracking", 30);
  private static final int STEPS = 60;

  @AutoClose private final SideBySide servers;
  private final Set<String> names = Steps.names();

  TrackingSequencesTest(@TempDir Path dir) throws Exception {
    // Redis forgets to call back a stream whose last id was set.
    names.remove("xsetid");
    servers = SideBySide.forPlays(dir);
  }

  @Test
  void everyChangeCallsBackWhatItCallsBackInRedis() throws Exception {
    List<String> different = new ArrayList<>();
    Set<String> blamed = new HashSet<>();
    for (int i = 0; i < SEQUENCES; i++) {
      String problem = sequence(Seeds.next(i));
      if (problem != null && blamed.add(problem.split(" ")[0])) {
        different.add(problem);
      }
    }
    assertThat(String.join("\n", different)).isEmpty();
  }

  private static void begin(Scene scene, boolean noLoop) throws IOException {
    for (int i = 1; i <= 2; i++) {
      scene.ask(i, "HELLO", "3");
    }
    scene.ask(1, noLoop ? "CLIENT TRACKING ON NOLOOP".split(" ") : "CLIENT TRACKING ON".split(" "));
    scene.ask(2, "CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "k1");
  }

  private String sequence(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Steps steps = new Steps(random, names);
    boolean noLoop = random.nextBoolean();
    try (Scene theirs = new Scene(servers.redisPort());
        Scene ours = new Scene(servers.millracePort())) {
      begin(theirs, noLoop);
      begin(ours, noLoop);
      for (int step = 0; step < STEPS; step++) {
        List<String> read = steps.read();
        List<List<String>> changes = steps.next();
        // What one changes and reads again in one transaction is called back here, not in Redis.
        int by = changes.size() == 1 && random.nextInt(4) == 0 ? 1 : 0;
        List<List<String>> expected = act(theirs, read, changes, by);
        List<List<String>> told = act(ours, read, changes, by);
        if (!told.equals(expected)) {
          return changes
              + " after "
              + read
              + " seed="
              + seed
              + "\n  redis:    "
              + expected
              + "\n  millrace: "
              + told;
        }
      }
    }
    return null;
  }

  private static List<List<String>> act(
      Scene scene, List<String> read, List<List<String>> changes, int by) throws IOException {
    scene.ask(1, read.toArray(String[]::new));
    for (List<String> change : changes) {
      scene.send(by, change.toArray(String[]::new));
    }
    List<List<String>> told = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      List<String> all = new ArrayList<>();
      if (by == 0 && i == 1) {
        scene.messages(0);
      }
      all.addAll(scene.messages(i));
      // What a client causes itself may come behind all the replies of a pipeline.
      all.addAll(scene.messages(i));
      told.add(all.stream().filter(m -> m.startsWith(">[$invalidate")).sorted().toList());
    }
    told.add(scene.info("stats").lines().filter(l -> l.startsWith("tracking_total_keys")).toList());
    return told;
  }
}
