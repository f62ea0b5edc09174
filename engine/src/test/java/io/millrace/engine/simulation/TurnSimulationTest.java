package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.log.FsyncMode;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three lanes without threads: a seed decides who takes the next step, and where: hold, execute and
 * publish, let go, write, sync, release. The invariants I1 to I6 are checked after every step.
 * Seeds per mode: {@code -Dmillrace.turn.seeds=3000}.
 */
class TurnSimulationTest extends SeededRuns {
  @ParameterizedTest
  @EnumSource(FsyncMode.class)
  void theInvariantsHoldAfterEveryStep(FsyncMode mode) throws IOException {
    int seeds = Integer.getInteger("millrace.turn.seeds", 120);
    Simulation.Tally sum = sum(mode, seeds, seed -> 1);
    System.out.printf(
        "turns, appendfsync %s: %d seeds, %d steps, %d holds, %d published, %d writes, %d syncs, "
            + "%d answers%n",
        mode, seeds, sum.steps, sum.holds, sum.operations, sum.writes, sum.syncs, sum.answers);
    assertThat(sum.holds).isGreaterThan(seeds);
    assertThat(sum.operations).isGreaterThan(seeds);
    assertThat(sum.writes).isGreaterThan(seeds);
    assertThat(sum.syncs).isGreaterThan(seeds);
    assertThat(sum.answers).isGreaterThan(seeds);
  }

  @ParameterizedTest
  @EnumSource(
      value = Plant.class,
      names = {"REPLY_BEFORE_WRITE", "RELEASE_ABOVE_WATERMARK", "PUBLISH_AFTER_LETTING_GO"})
  void aLaneThatBreaksTheOrderOfATurnIsFound(Plant plant) throws IOException {
    int found = 0;
    int seeds = 20;
    for (long seed = 0; seed < seeds; seed++) {
      try {
        Runs.one(dir, seed, FsyncMode.ALWAYS, plant, 1);
      } catch (AssertionError e) {
        assertThat(e).hasMessageContaining(" mode ALWAYS: ");
        found++;
      }
    }
    assertThat(found).as("seeds of %d that found %s", seeds, plant).isGreaterThan(seeds / 2);
  }
}
