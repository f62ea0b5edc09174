package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.file.FaultFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may leave with {@code appendfsync everysec} while the disk stalls and lanes come late. */
class EverysecTest {
  private static final long MS = 1_000_000;

  private final FaultFiles files = new FaultFiles();
  private final JournalDriver driver = new JournalDriver(files);
  private final List<Long> told = new ArrayList<>();
  private Runnable whenTheClockIsRead = () -> {};
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    journal =
        JournalDriver.open(
            driver
                .config(FsyncMode.EVERYSEC)
                .nanoClock(() -> {
                  long now = driver.nanos[0];
                  Runnable hook = whenTheClockIsRead;
                  whenTheClockIsRead = () -> {};
                  hook.run();
                  return now;
                }));
    journal.onReleased(told::add);
    driver.nanos[0] = 5_000 * MS;
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
  }

  private void pass(long ms) {
    driver.nanos[0] += ms * MS;
  }

  @Test
  void aReplyThatWasReleasedInTimeIsHeldWhenItsLaneComesTooLate() {
    long end = driver.append(journal, 0, 100);
    journal.write();
    assertThat(journal.leaving()).isEqualTo(end);
    pass(1_001);
    assertThat(journal.leaving()).as("a lane that was not run for a second").isZero();
    assertThat(journal.released()).as("what snapshots must show never goes back").isEqualTo(end);
  }

  @Test
  void whoIsHeldIsWokenWhenTheDiskHasIt() {
    long end = driver.append(journal, 0, 100);
    journal.write();
    pass(1_001);
    told.clear();
    journal.syncStep();
    assertThat(told).contains(end);
    assertThat(journal.leaving()).isEqualTo(end);
  }

  @Test
  void whatTheDiskHasLeavesWhileLaterBytesStall() {
    long first = driver.append(journal, 0, 100);
    journal.write();
    journal.syncStep();
    driver.append(journal, 1, 100);
    journal.write();
    pass(1_001);
    assertThat(journal.leaving()).isEqualTo(first);
  }

  @Test
  void aWriterThatLookedAtTheClockEarlyDoesNotReleaseWhatOthersWroteLate() {
    long first = driver.append(journal, 0, 100);
    journal.write();
    pass(500);
    driver.append(journal, 1, 100);
    // The second read of the clock in a write is the one that decides; there the lane is stopped.
    whenTheClockIsRead =
        () ->
            whenTheClockIsRead =
                () -> {
                  pass(800);
                  driver.append(journal, 2, 100);
                  journal.write();
                };
    journal.write();
    assertThat(journal.written()).isEqualTo(journal.appended());
    assertThat(journal.released()).isGreaterThan(first).isLessThan(journal.written());
  }

  @Test
  void aForceThatBeganInTimeAndStallsHoldsWhatItCovers() {
    long end = driver.append(journal, 0, 100);
    journal.write();
    pass(400);
    List<Long> seen = new ArrayList<>();
    files.duringSync(() -> {
      files.duringSync(null);
      pass(500);
      seen.add(journal.leaving());
      driver.append(journal, 1, 100);
      journal.write();
      pass(200);
      seen.add(journal.leaving());
    });
    journal.syncStep();
    assertThat(seen).containsExactly(end, 0L);
    assertThat(journal.leaving()).as("the bytes written meanwhile are young").isGreaterThan(end);
  }

  @Test
  void anotherModeLetsGoWhatWasHeld() {
    long end = driver.append(journal, 0, 100);
    journal.write();
    pass(1_001);
    told.clear();
    journal.fsync(FsyncMode.NO);
    assertThat(told).contains(end);
    assertThat(journal.leaving()).isEqualTo(end);
  }

  @Test
  void whatIsHeldWhenTheModeBecomesAlwaysLeavesWithTheDiskAndNotBefore() {
    long end = driver.append(journal, 0, 100);
    journal.write();
    pass(1_001);
    journal.fsync(FsyncMode.ALWAYS);
    assertThat(journal.leaving()).as("released by everysec, not on the disk").isZero();
    told.clear();
    journal.syncStep();
    assertThat(told).contains(end);
    assertThat(journal.leaving()).isEqualTo(end);
  }

  @Test
  void whatAForceTakesAlongBeforeItIsNotedHasAnAge() {
    List<Long> seen = new ArrayList<>();
    // Where the force has looked at the note and not yet at what is written.
    whenTheClockIsRead =
        () -> {
          driver.append(journal, 0, 100);
          journal.write();
        };
    files.duringSync(() -> {
      files.duringSync(null);
      pass(1_001);
      seen.add(journal.leaving());
    });
    journal.syncStep();
    assertThat(seen).containsExactly(0L);
  }
}
