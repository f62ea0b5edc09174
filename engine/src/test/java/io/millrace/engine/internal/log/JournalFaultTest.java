package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.file.FaultFiles.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of the file system that fail, one after the other, and a disk that is full. */
class JournalFaultTest {
  private static final int RECORDS = 60;

  private FaultFiles files = new FaultFiles();
  private JournalDriver driver = new JournalDriver(files);
  private final List<Long> ends = new ArrayList<>();
  private final List<Throwable> fatal = new ArrayList<>();
  private long released;
  private boolean opened;

  /** Writes, rolls, syncs, truncates and closes; keeps what was promised on the way. */
  private void scenario(JournalConfig config) throws IOException {
    ends.clear();
    ends.add(0L);
    fatal.clear();
    released = 0;
    opened = false;
    Journal journal = JournalDriver.open(config);
    opened = true;
    journal.onFatal(fatal::add);
    long releasedAtFailure = -1;
    for (int i = 0; i < RECORDS; i++) {
      ends.add(driver.append(journal, i, i % 9 == 0 ? 900 : 150));
      journal.write();
      if (i % 4 == 0) {
        journal.syncStep();
        journal.mark();
      }
      if (i == RECORDS / 2 && journal.failure() == null) {
        // The checkpoint's rule: never above what is synced.
        journal.truncateBefore(ends.get(10));
      }
      released = journal.released();
      if (journal.failure() != null) {
        if (releasedAtFailure < 0) {
          releasedAtFailure = released;
        }
        assertThat(released).as("released after the failure").isEqualTo(releasedAtFailure);
      }
    }
    for (int i = 0; journal.full() && i < 5; i++) {
      driver.nanos[0] += 100_000_000L;
      journal.write();
    }
    journal.syncStep();
    released = journal.released();
    journal.close();
  }

  private void everyCallFailsOnce(Fault fault, FsyncMode mode, boolean power) throws IOException {
    int failures = 0;
    for (int n = 1; ; n++) {
      files = new FaultFiles();
      driver = new JournalDriver(files);
      JournalConfig config = driver.config(mode);
      files.failCall(n, fault);
      boolean threw = false;
      try {
        scenario(config);
      } catch (IOException e) {
        threw = true;
      }
      if (files.faults() == 0) {
        assertThat(threw).isFalse();
        break;
      }
      failures++;
      assertThat(fatal).as("call %d", n).hasSizeLessThanOrEqualTo(1);
      if (power) {
        files.powerCut(new SplittableRandom(n));
      } else {
        files.kill();
      }
      Journal.Opened again = Journal.open(config, 0L + start());
      if (opened) {
        assertThat(again.end()).as("call %d", n).isGreaterThanOrEqualTo(released);
      }
      int first = Math.max(0, ends.indexOf(again.start()));
      int last = ends.indexOf(again.end());
      assertThat(JournalDriver.read(again.journal(), again.start()))
          .isEqualTo(LongStream.range(first, last).boxed().toList());
      again.journal().close();
    }
    assertThat(failures).isGreaterThan(RECORDS);
  }

  private long start() {
    return files.paths().stream()
        .mapToLong(path -> JournalSegment.positionOf(String.valueOf(path.getFileName())))
        .filter(position -> position >= 0)
        .min()
        .orElse(0);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyCallFailsOnceThenTheProcessDies(Fault fault) throws IOException {
    try (Quiet quiet = new Quiet()) {
      everyCallFailsOnce(fault, FsyncMode.NO, false);
      everyCallFailsOnce(fault, FsyncMode.EVERYSEC, false);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyCallFailsOnceThenThePowerFails(Fault fault) throws IOException {
    try (Quiet quiet = new Quiet()) {
      everyCallFailsOnce(fault, FsyncMode.ALWAYS, true);
    }
  }

  @Test
  void aSegmentThatCouldNotBeDeletedGoesBeforeAnyLaterOne() throws IOException {
    JournalConfig config = driver.config(FsyncMode.NO);
    Journal journal = JournalDriver.open(config);
    for (int i = 0; i < RECORDS; i++) {
      ends.add(driver.append(journal, i, 150));
      journal.write();
    }
    journal.syncStep();
    files.failCall(1, Fault.ERROR);
    assertThatThrownBy(() -> journal.truncateBefore(ends.get(20))).isInstanceOf(IOException.class);
    journal.truncateBefore(ends.get(40));
    files.kill();
    Journal.Opened again = Journal.open(config, ends.get(40));
    assertThat(JournalDriver.read(again.journal(), again.start())).endsWith(RECORDS - 1L);
    assertThat(again.start()).isPositive();
    again.journal().close();
  }

  @Test
  void aFailedSyncIsFatalOnceAndIsNeverTriedAgain() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.ALWAYS));
    journal.onFatal(fatal::add);
    driver.append(journal, 0, 50);
    journal.write();
    files.failCall(1, Fault.ERROR);
    journal.syncStep();
    assertThat(fatal).hasSize(1);
    assertThat(journal.released()).isZero();
    journal.syncStep();
    driver.append(journal, 1, 50);
    journal.write();
    journal.syncStep();
    assertThat(journal.released()).isZero();
    assertThat(fatal).hasSize(1);
    List<Throwable> late = new ArrayList<>();
    journal.onFatal(late::add);
    assertThat(late).isEqualTo(fatal);
    assertThatThrownBy(() -> journal.syncThrough(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(journal::close).isInstanceOf(IOException.class);
  }

  @Test
  void aFullDiskHoldsRepliesAndGoesOnByItselfWhenThereIsSpace() throws IOException {
    try (Quiet quiet = new Quiet();
        Journal journal = JournalDriver.open(driver.config(FsyncMode.EVERYSEC))) {
      files.capacity(5_000);
      long number = 0;
      while (!journal.full()) {
        driver.append(journal, number++, 300);
        journal.write();
      }
      long held = journal.released();
      assertThat(held).isLessThan(journal.appended());
      driver.append(journal, number++, 300);
      driver.nanos[0] += 50_000_000L;
      journal.write();
      assertThat(journal.released()).isEqualTo(held);
      assertThat(JournalDriver.read(journal, 0)).as("reads go on").isNotEmpty();
      files.capacity(100_000);
      driver.nanos[0] += 50_000_000L;
      journal.retryFull();
      assertThat(journal.full()).isFalse();
      assertThat(journal.released()).isEqualTo(journal.appended());
      assertThat(JournalDriver.read(journal, 0)).hasSize((int) number);
    }
  }

  @Test
  void theReserveLetsTheBufferOutWhileNewWritesAreRefused() throws IOException {
    JournalConfig config = driver.config(FsyncMode.EVERYSEC).reserveBytes(3_000);
    try (Quiet quiet = new Quiet();
        Journal journal = JournalDriver.open(config)) {
      journal.retryFull();
      assertThat(files.used()).isGreaterThan(3_000);
      files.capacity(files.used() + 2_000);
      long number = 0;
      while (!journal.full()) {
        driver.append(journal, number++, 300);
        journal.write();
      }
      assertThat(journal.released()).as("out by the reserve").isEqualTo(journal.appended());
      journal.retryFull();
      assertThat(journal.full()).as("no space for the reserve yet").isTrue();
      files.capacity(100_000);
      journal.retryFull();
      assertThat(journal.full()).isFalse();
      assertThat(JournalDriver.read(journal, 0)).hasSize((int) number);
    }
  }

  @Test
  void aStartOnAFullDiskWorksAndGoesOnWhenThereIsSpace() throws IOException {
    JournalConfig config = driver.config(FsyncMode.EVERYSEC);
    try (Quiet quiet = new Quiet()) {
      Journal first = JournalDriver.open(config);
      files.capacity(1_000);
      for (long number = 0; !first.full(); number++) {
        driver.append(first, number, 300);
        first.write();
      }
      long written = first.written();
      files.kill();
      files.capacity(files.used());
      Journal.Opened second = Journal.open(config, 0);
      assertThat(second.end()).isEqualTo(written);
      Journal journal = second.journal();
      assertThat(journal.full()).isTrue();
      assertThat(JournalDriver.read(journal, 0)).isNotEmpty();
      files.capacity(100_000);
      driver.append(journal, 99, 100);
      journal.write();
      assertThat(journal.full()).isFalse();
      assertThat(journal.released()).isEqualTo(journal.appended());
      journal.close();
    }
  }
}
