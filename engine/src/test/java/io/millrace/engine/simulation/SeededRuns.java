package io.millrace.engine.simulation;

import io.millrace.engine.Seeds;
import io.millrace.engine.internal.log.FsyncMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that run many seeds of the simulation, silently, in a directory of their own. */
abstract class SeededRuns {
  @TempDir Path dir;

  @BeforeEach
  void quiet() {
    Runs.quiet(true);
  }

  @AfterEach
  void loud() {
    Runs.quiet(false);
  }

  /** Runs a number of seeds of a mode, each for the lives it is given; what they did in all. */
  final Simulation.Tally sum(FsyncMode mode, int seeds, LongToIntFunction lives)
      throws IOException {
    long base = Seeds.next() + mode.ordinal();
    Simulation.Tally sum = new Simulation.Tally();
    for (int i = 0; i < seeds; i++) {
      long seed = base + 3L * i;
      sum.add(Runs.one(dir, seed, mode, Plant.NONE, lives.applyAsInt(seed)).tally);
    }
    return sum;
  }
}
