package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.internal.log.FsyncMode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole nodes whose power fails: what was promised is there, there is never a hole, and they start
 * again without a hand. Seeds per mode: {@code -Dmillrace.power.seeds=3334}.
 */
class PowerCutSimulationTest extends SeededRuns {
  @ParameterizedTest
  @EnumSource(FsyncMode.class)
  void aPowerCutLosesNoMoreThanItMayAndNeverMakesAHole(FsyncMode mode) throws IOException {
    seeds(mode, Integer.getInteger("millrace.power.seeds", 100));
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource(FsyncMode.class)
  void tenThousandSeedsOfThat(FsyncMode mode) throws IOException {
    seeds(mode, 3_334);
  }

  private void seeds(FsyncMode mode, int seeds) throws IOException {
    long began = System.nanoTime();
    Simulation.Tally sum = sum(mode, seeds, PowerCutSimulationTest::lives);
    System.out.printf(
        "power cuts, appendfsync %s: %d seeds, %d cuts, %d kills, %d starts cut short, "
            + "%d operations, %d lost, %d checkpoints, %d segments deleted, %.1f ms a seed%n",
        mode,
        seeds,
        sum.cuts,
        sum.kills,
        sum.failedStarts,
        sum.operations,
        sum.lost,
        sum.checkpoints,
        sum.truncations,
        (System.nanoTime() - began) / 1e6 / seeds);
    assertThat(sum.lost).isPositive();
    assertThat(sum.failedStarts).isPositive();
    assertThat(sum.truncations).isPositive();
    assertThat(sum.checkpoints).isPositive();
  }

  private static int lives(long seed) {
    return 1 + (int) (seed & 3);
  }

  private Simulation.Tally run(long seed, FsyncMode mode, Plant plant) throws IOException {
    return Runs.one(dir, seed, mode, plant, lives(seed)).tally;
  }

  @ParameterizedTest
  @EnumSource(
      value = Plant.class,
      names = {"NAMES_NOT_FORCED", "CONTENTS_NOT_FORCED", "BATCH_NOT_FLUSHED", "BATCH_TORN"})
  void aFaultThatIsPlantedIsFound(Plant plant) {
    int found = 0;
    for (long seed = 0; seed < 40 && found == 0; seed++) {
      FsyncMode mode = FsyncMode.values()[(int) (seed % 3)];
      try {
        run(seed, mode, plant);
      } catch (AssertionError e) {
        found++;
      } catch (IOException e) {
        found++;
      }
    }
    assertThat(found).as("seeds that found %s", plant).isPositive();
  }

  @ParameterizedTest
  @EnumSource(FsyncMode.class)
  void aDeathAtEachCallOfTheDiskNeedsNoHandEvenWhenThePowerFailsLater(FsyncMode mode)
      throws IOException {
    int n = 1;
    boolean died = true;
    while (died) {
      Path data = Runs.directory(dir);
      try {
        died = new Simulation(7, mode, Plant.NONE, data).runDyingAt(n);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("call " + n + " mode " + mode + ": " + e.getMessage(), e);
      }
      n++;
    }
    assertThat(n).isGreaterThan(60);
  }

  @Test
  void aSeedAlwaysDoesTheSame() throws IOException {
    long seed = Seeds.next();
    Simulation.Tally once = run(seed, FsyncMode.EVERYSEC, Plant.NONE);
    Simulation.Tally twice = run(seed, FsyncMode.EVERYSEC, Plant.NONE);
    assertThat(twice).usingRecursiveComparison().isEqualTo(once);
  }
}
