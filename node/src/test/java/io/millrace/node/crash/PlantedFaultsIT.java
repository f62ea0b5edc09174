package io.millrace.node.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The crash test is able to fail: each planted fault makes it red, after a server with the fault
 * has come up and served. Rounds at most: {@code -Dmillrace.faults.rounds=40}.
 */
class PlantedFaultsIT {
  /**
   * What is red without anything being wrong with the data: a class that was woven wrongly, a
   * machine without memory or time. Any other complaint counts. Which check sees a fault first
   * depends on where the kill fell and who was faster; a journal cut too early, for instance, may
   * be missed by the next start, by a refold, or already by the thread that copies depots out of
   * it.
   */
  private static final String NOT_THE_FAULT =
      "VerifyError|LinkageError|ClassFormatError|BootstrapMethodError"
          + "|NoSuch(Method|Field)Error|IncompatibleClassChangeError|NoClassDefFoundError"
          + "|OutOfMemoryError|too little happened before the kill";

  @ParameterizedTest
  @EnumSource
  @Timeout(1200)
  void aPlantedFaultMakesTheCrashTestFail(PlantedFault fault, @TempDir Path dir) throws Exception {
    Path classes = Files.createDirectories(dir.resolve("classes"));
    fault.plant(classes);
    int most = Integer.getInteger("millrace.faults.rounds", 40);
    CrashRounds crash = new CrashRounds("always", dir, List.of(classes), Seeds.next());
    crash.killAfter(new Figures(2, 2, 1, ""), aim(fault));
    AssertionError red = run(crash, most);
    assertThat(red).as("not found in %d rounds: %s", most, fault).isNotNull();
    assertThat(crash.served()).as("the server never came up: %s", red).isPositive();
    String message = String.valueOf(red.getMessage());
    assertThat(message).as("red, but for another reason").doesNotContainPattern(NOT_THE_FAULT);
    System.out.printf(
        "planted fault %s: found in round %d: %s%n",
        fault, crash.figures().size(), message.lines().findFirst().orElse(""));
  }

  /** Where the kill has to fall for the fault to show, when that is not everywhere. */
  private static String aim(PlantedFault fault) {
    return switch (fault) {
      case TRUNCATES_AT_THE_WRITTEN_POSITION, COMMITS_PER_TASK -> "writing";
      default -> "";
    };
  }

  private static @Nullable AssertionError run(CrashRounds crash, int most) throws Exception {
    try {
      crash.run(most);
      return null;
    } catch (AssertionError e) {
      return e;
    }
  }
}
