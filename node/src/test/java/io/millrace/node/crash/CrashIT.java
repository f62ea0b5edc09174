package io.millrace.node.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills a real server with SIGKILL in the middle of a mixed load, folds what it left again, starts
 * it and asks the oracles. Rounds per mode: {@code -Dmillrace.crash.rounds=100}; seed: {@code
 * -Dmillrace.seed=...}.
 */
class CrashIT {

  @ParameterizedTest
  @CsvSource({"always, 3", "everysec, 4", "no, 3"})
  @Timeout(7200)
  void anAcknowledgedWriteSurvivesKillMinusNineAndNothingElseAppears(
      String fsync, int few, @TempDir Path dir) throws Exception {
    int rounds = Integer.getInteger("millrace.crash.rounds", few);
    long seed = Seeds.next();
    CrashRounds crash = new CrashRounds(fsync, dir, List.of(), seed);
    try {
      crash.run(rounds);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + " mode " + fsync + ": " + e.getMessage(), e);
    }
    System.out.println("crash test, " + crash.summary() + " (seed " + seed + ")");
    assertThat(crash.figures()).hasSize(rounds).allMatch(f -> f.reach(Figures.ENOUGH));
    assertThat(crash.compared()).isGreaterThan(rounds / 2);
    assertThat(crash.acknowledged()).isGreaterThan(rounds * 20L);
  }
}
