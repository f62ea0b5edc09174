package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Millrace beside {@code redis-server}: half of the sequences in this process, every tenth of them
 * with a crash, and half on a process with tiny memory that is killed in the middle of them.
 *
 * <p>{@code -Dmillrace.sequences=20000 -Dmillrace.kills=500} is the long run, {@code
 * -Dmillrace.first=N} looks at other sequences, {@code -Dmillrace.seed=S} repeats one crowd, {@code
 * -Dmillrace.commands=setbit,set} sends only these.
 */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisDifferentialTest {
  private static final int CELLS = 4;
  private static final int SEQUENCES = Integer.getInteger("millrace.sequences", 2_000);
  private static final int KILLS = Integer.getInteger("millrace.kills", 20);
  private static final long FIRST = Long.getLong("millrace.first", 20_261_122L);

  private final Coverage coverage = new Coverage();
  private final Set<String> names = new HashSet<>(wanted());
  private int sequences;
  private int kills;
  private RedisPeer redis;

  private static List<String> wanted() {
    String chosen = System.getProperty("millrace.commands");
    return chosen == null ? Coverage.implemented() : List.of(chosen.split(","));
  }

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    names.add("nosuchcommand");
    redis = RedisPeer.start(dir);
  }

  @AfterAll
  void stop() {
    redis.close();
    System.out.printf(
        Locale.ROOT,
        "differential: %,d sequences, %,d commands, %d kills, seeds from %d%n",
        sequences,
        coverage.uses(),
        kills,
        FIRST);
    if (sequences < SEQUENCES) {
      return;
    }
    if (SEQUENCES > 2_000) {
      System.out.println(coverage.table());
    }
    if (!names.containsAll(Coverage.implemented())) {
      return;
    }
    // 1,000 uses of each command in 20,000 sequences.
    assertThat(coverage.below(SEQUENCES / 20)).as("commands sent too seldom").isEmpty();
  }

  @Test
  void everyImplementedCommandHasAForm() {
    Set<String> formed =
        Sketches.all().stream().map(Sketches.Form::name).collect(Collectors.toSet());
    assertThat(Coverage.implemented())
        .filteredOn(name -> !Coverage.NOT_SENT.containsKey(name))
        .allSatisfy(name -> assertThat(formed).contains(name));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "64,1", "1,2", "64,2"})
  void everyReplyEqualsRedis(int tasks, int lanes, @TempDir Path dir) throws Exception {
    EngineConfig config =
        EngineConfig.in(dir.resolve("data"))
            .withTasks(tasks)
            .withMemory(64 << 20, 1 << 20)
            .withCheckpoints(64 << 10, 1 << 20, 60_000);
    try (Target millrace = new EngineTarget(config, lanes)) {
      run(millrace, SEQUENCES / 2 / CELLS, 1, 10, FIRST + 100_000_000L * tasks + lanes);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,NO", "64,1,EVERYSEC", "1,2,EVERYSEC", "64,2,ALWAYS"})
  void everyReplyEqualsRedisAcrossKills(int tasks, int lanes, String fsync, @TempDir Path dir)
      throws Exception {
    int crowds = Math.max(1, KILLS / CELLS);
    List<String> node = List.of(Integer.toString(tasks), Integer.toString(lanes), fsync);
    try (ChildTarget millrace = new ChildTarget(dir, List.of(), node)) {
      int size = Math.max(1, SEQUENCES / 2 / CELLS / crowds);
      run(millrace, crowds, size, 1, FIRST + 100_000_000L * tasks + 50_000_000L + lanes);
      kills += millrace.kills();
    }
  }

  private void run(Target millrace, int crowds, int size, int killEvery, long first)
      throws IOException {
    Long only = Long.getLong("millrace.seed");
    Map<String, AssertionError> differences = new TreeMap<>();
    for (int i = 0; i < (only != null ? 1 : crowds); i++) {
      long seed = only != null ? only : first + i;
      try {
        new Crowd(seed, size, i % killEvery == 0, coverage).run(redis.port(), millrace, names);
      } catch (IOException broken) {
        throw new IOException("repeat with -Dmillrace.seed=" + seed, broken);
      } catch (AssertionError different) {
        differences.putIfAbsent(what(different), different);
      }
      sequences += size;
    }
    if (!differences.isEmpty()) {
      // One example per command, the whole sequence only for the first.
      StringBuilder all = new StringBuilder("differences in " + differences.keySet());
      differences.values().forEach(d -> all.append("\n").append(firstLines(d)));
      throw new AssertionError(all + "\n" + differences.values().iterator().next().getMessage());
    }
  }

  private static String what(AssertionError difference) {
    String line = String.valueOf(difference.getMessage()).lines().skip(1).findFirst().orElse("");
    String[] words = line.split(" ");
    return (words.length > 1 ? words[1] : line).toUpperCase(Locale.ROOT);
  }

  private static String firstLines(AssertionError difference) {
    return String.valueOf(difference.getMessage())
        .lines()
        .limit(4)
        .map(line -> line.length() > 600 ? line.substring(0, 600) + "..." : line)
        .collect(Collectors.joining("\n"));
  }
}
