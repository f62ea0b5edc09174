package io.millrace.engine.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.millrace.engine.internal.log.FsyncMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Runs simulations one after the other. */
final class Runs {
  private Runs() {}

  /** Silences the engine, whose tails are torn thousands of times. */
  static void quiet(boolean on) {
    Logger log = (Logger) LoggerFactory.getLogger("io.millrace.engine");
    log.setLevel(on ? Level.OFF : null);
  }

  /** A directory for the lock file of a node; all else is simulated. */
  static Path directory(Path root) throws IOException {
    Path data = Files.createTempDirectory(root, "s").resolve("data");
    Files.createDirectory(data);
    Files.createDirectory(data.resolveSibling("elsewhere"));
    return data;
  }

  /** Runs one seed; what fails names it. */
  static Simulation one(Path root, long seed, FsyncMode mode, Plant plant, int lives)
      throws IOException {
    Simulation simulation = new Simulation(seed, mode, plant, directory(root));
    try {
      simulation.run(lives);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + " mode " + mode + ": " + e.getMessage(), e);
    }
    return simulation;
  }
}
