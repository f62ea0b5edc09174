package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.EngineConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Millrace beside {@code redis-server}. Sequences per configuration: {@code
 * -Dmillrace.sequences=5000}; one sequence again: {@code -Dmillrace.seed=...}.
 */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
class RedisDifferentialTest {
  private static final int STEPS = 60;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"1,1,false", "64,2,false", "64,1,true", "1,2,true"})
  void everyReplyEqualsRedis(int tasks, int lanes, boolean tiny) throws Exception {
    int sequences = Integer.getInteger("millrace.sequences", 500);
    Long only = Long.getLong("millrace.seed");
    // The same sequences in every build; -Dmillrace.first=N looks at others.
    long first = only != null ? only : Long.getLong("millrace.first", 20_261_122L * tasks + lanes);
    Map<String, Long> counts = new TreeMap<>();
    Map<String, AssertionError> differences = new TreeMap<>();
    EngineConfig config =
        EngineConfig.in(dir.resolve("data"))
            .withTasks(tasks)
            .withMemory(tiny ? 1 << 20 : 64 << 20, 1 << 20)
            .withCheckpoints(64 << 10, tiny ? 32 << 10 : 1 << 20, 60_000);
    try (RedisPeer redis = RedisPeer.start(Files.createDirectories(dir.resolve("redis")));
        EngineTarget millrace = new EngineTarget(config, lanes)) {
      Set<String> names = new TreeSet<>(millrace.commandNames());
      for (int i = 0; i < (only != null ? 1 : sequences); i++) {
        boolean crash = tiny && i % 4 == 0;
        try {
          new Sequence(first + i, STEPS, crash, counts).run(redis.port(), millrace, names);
        } catch (AssertionError different) {
          String what =
              String.valueOf(different.getMessage()).lines().skip(1).findFirst().orElse("");
          differences.putIfAbsent(what.split(" ")[0].toUpperCase(Locale.ROOT), different);
        }
      }
    }
    if (!differences.isEmpty()) {
      // One example per command, the whole sequence only for the first.
      StringBuilder all = new StringBuilder("differences in " + differences.keySet());
      differences.values().forEach(d -> all.append("\n").append(firstLines(d)));
      throw new AssertionError(all + "\n" + differences.values().iterator().next().getMessage());
    }
    System.out.printf(
        "differential tasks=%d lanes=%d tiny=%b: %d sequences from seed %d, no difference; %s%n",
        tasks, lanes, tiny, sequences, first, counts);
    assertThat(counts).isNotEmpty();
  }

  private static String firstLines(AssertionError difference) {
    return String.valueOf(difference.getMessage())
        .lines()
        .limit(4)
        .collect(Collectors.joining("\n"));
  }
}
