package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.internal.file.FaultFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class JournalTest {
  private final FaultFiles files = new FaultFiles();
  private final JournalDriver driver = new JournalDriver(files);

  private static List<Long> numbers(long to) {
    return LongStream.range(0, to).boxed().toList();
  }

  @Test
  void positionsMoveFromAppendedOverWrittenAndSyncedToReleased() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.ALWAYS))) {
      List<Long> told = new ArrayList<>();
      journal.onReleased(told::add);
      long end = driver.append(journal, 0, 100);
      assertThat(journal.appended()).isEqualTo(end);
      assertThat(journal.written()).isZero();
      assertThat(journal.write()).isTrue();
      assertThat(journal.written()).isEqualTo(end);
      assertThat(journal.synced()).isZero();
      assertThat(journal.released()).isZero();
      assertThat(journal.syncStep()).isTrue();
      assertThat(journal.synced()).isEqualTo(end);
      assertThat(journal.released()).isEqualTo(end);
      assertThat(told).containsExactly(end);
      assertThat(journal.syncStep()).isFalse();
    }
  }

  @Test
  void everysecReleasesWhatIsWrittenUntilTheOldestUnsyncedByteIsASecondOld() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.EVERYSEC))) {
      long first = driver.append(journal, 0, 100);
      journal.write();
      assertThat(journal.released()).isEqualTo(first);
      driver.nanos[0] += 1_000_000_000L;
      long second = driver.append(journal, 1, 100);
      journal.write();
      assertThat(journal.released()).isEqualTo(second);
      driver.nanos[0] += 1;
      long third = driver.append(journal, 2, 100);
      journal.write();
      assertThat(journal.released()).as("held back").isEqualTo(second);
      journal.syncStep();
      assertThat(journal.released()).isEqualTo(third);
    }
  }

  @Test
  void bytesWrittenDuringASyncAreOldFromTheirOwnWriteOn() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.EVERYSEC))) {
      driver.append(journal, 0, 100);
      journal.write();
      long[] during = new long[1];
      files.duringSync(() -> {
        driver.nanos[0] += 600_000_000L;
        during[0] = driver.append(journal, 1, 100);
        journal.write();
        files.duringSync(null);
      });
      journal.syncStep();
      assertThat(journal.synced()).isLessThan(during[0]);
      assertThat(journal.released()).isEqualTo(during[0]);
      driver.nanos[0] += 1_000_000_001L;
      driver.append(journal, 2, 100);
      journal.write();
      assertThat(journal.released()).as("held back").isEqualTo(during[0]);
    }
  }

  @Test
  void withoutFsyncEverythingWrittenIsReleased() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.NO))) {
      driver.append(journal, 0, 100);
      journal.write();
      driver.nanos[0] += 100_000_000_000L;
      long end = driver.append(journal, 1, 100);
      journal.write();
      assertThat(journal.released()).isEqualTo(end);
    }
  }

  @Test
  void theModeCanBeChangedWhileRunning() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.NO))) {
      long end = driver.append(journal, 0, 100);
      journal.write();
      assertThat(journal.released()).isEqualTo(end);
      journal.fsync(FsyncMode.ALWAYS);
      driver.append(journal, 1, 100);
      journal.write();
      assertThat(journal.released()).isEqualTo(end);
      journal.syncStep();
      assertThat(journal.released()).isEqualTo(journal.appended());
    }
  }

  @Test
  void segmentsRollAndComeBackWholeAfterAKill() throws IOException {
    JournalConfig config = driver.config(FsyncMode.NO);
    Journal journal = JournalDriver.open(config);
    long number = 0;
    for (int i = 0; i < 200; i++) {
      driver.append(journal, number++, (i * 37) % 1500);
      if (i % 3 == 0) {
        journal.write();
      }
    }
    journal.write();
    assertThat(journal.segments()).isGreaterThan(20);
    assertThat(JournalDriver.read(journal, 0)).isEqualTo(numbers(number));
    long end = journal.written();
    long epoch = journal.epoch();
    files.kill();
    try (Journal again = JournalDriver.open(config)) {
      assertThat(again.written()).isEqualTo(end);
      assertThat(again.epoch()).isEqualTo(epoch + 1);
      assertThat(again.released()).isEqualTo(end);
      driver.append(again, number++, 50);
      again.write();
      assertThat(JournalDriver.read(again, 0)).isEqualTo(numbers(number));
    }
  }

  @Test
  void aReaderStartsAtAnyRecordAndGoesOnAsTheJournalGrows() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.NO))) {
      List<Long> ends = new ArrayList<>(List.of(0L));
      for (int i = 0; i < 60; i++) {
        ends.add(driver.append(journal, i, 40));
        if (i % 4 == 0) {
          journal.write();
        }
      }
      journal.write();
      for (int i = 0; i <= 60; i++) {
        assertThat(JournalDriver.read(journal, ends.get(i)))
            .isEqualTo(LongStream.range(i, 60).boxed().toList());
      }
      try (JournalReader reader = journal.read(ends.get(60))) {
        for (int i = 60; i < 100; i++) {
          assertThat(reader.next()).isFalse();
          driver.append(journal, i, 300);
          assertThat(reader.next()).as("not written yet").isFalse();
          journal.write();
          assertThat(reader.next()).isTrue();
          assertThat(JournalDriver.number(reader.record())).isEqualTo(i);
          assertThat(reader.epoch()).isEqualTo(1);
        }
      }
      assertThatThrownBy(() -> JournalDriver.read(journal, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("No record begins there");
    }
  }

  @Test
  void truncationDeletesOnlySegmentsBelowThePosition() throws IOException {
    JournalConfig config = driver.config(FsyncMode.NO);
    Journal journal = JournalDriver.open(config);
    List<Long> ends = new ArrayList<>(List.of(0L));
    for (int i = 0; i < 100; i++) {
      ends.add(driver.append(journal, i, 100));
      journal.write();
    }
    int before = journal.segments();
    journal.truncateBefore(ends.get(50));
    assertThat(journal.segments()).as("nothing is synced yet").isEqualTo(before);
    journal.syncStep();
    journal.truncateBefore(ends.get(50));
    assertThat(journal.segments()).isLessThan(before);
    assertThat(journal.start()).isPositive().isLessThanOrEqualTo(ends.get(50));
    assertThat(JournalDriver.read(journal, ends.get(50)))
        .isEqualTo(LongStream.range(50, 100).boxed().toList());
    assertThatThrownBy(() -> journal.read(0)).isInstanceOf(PositionGoneException.class);
    journal.close();
    Journal.Opened again = Journal.open(config, ends.get(50));
    assertThat(again.start()).isEqualTo(journal.start());
    assertThat(again.cutBytes()).isZero();
    assertThat(JournalDriver.read(again.journal(), ends.get(70))).hasSize(30);
    again.journal().close();
  }

  @Test
  void bodiesLargerThanTheBufferAreWrittenAndBrakeTheNextRecord() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.NO))) {
      assertThat(journal.hasRoom(1_000_000)).isTrue();
      driver.append(journal, 0, 100);
      driver.append(journal, 1, 1_000_000);
      assertThat(journal.hasRoom(100)).isFalse();
      // Appending goes on all the same: the brake is the caller's.
      driver.append(journal, 2, 100);
      driver.append(journal, 3, 800_000);
      journal.write();
      assertThat(journal.hasRoom(100)).isTrue();
      driver.append(journal, 4, 100);
      journal.write();
      assertThat(JournalDriver.read(journal, 0)).isEqualTo(numbers(5));
    }
  }

  @Test
  void aFullBufferSaysSo() throws IOException {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.NO))) {
      int count = 0;
      while (journal.hasRoom(300)) {
        driver.append(journal, count++, 250);
      }
      assertThat(count).isBetween(12, 16);
      journal.write();
      assertThat(journal.hasRoom(300)).isTrue();
      assertThat(JournalDriver.read(journal, 0)).hasSize(count);
    }
  }

  @Test
  void aCleanCloseProvesItsEndSoThatALaterFlipInTheLastFrameIsDamage() throws IOException {
    JournalConfig config = driver.config(FsyncMode.EVERYSEC);
    try (Journal journal = JournalDriver.open(config)) {
      driver.append(journal, 0, 100);
      journal.write();
    }
    Path file = files.paths().get(0);
    files.flip(file, (FrameFormat.HEADER * 2 + 30) * 8L);
    assertThatThrownBy(() -> Journal.open(config, 0))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("position=0")
        .hasMessageContaining("byte=" + FrameFormat.HEADER)
        .hasMessageContaining("Restore");
  }

  @Test
  void aMissingMiddleSegmentIsDamage() throws IOException {
    JournalConfig config = driver.config(FsyncMode.NO);
    long middle = filled(config);
    files.remove(files.paths().get(2));
    assertThatThrownBy(() -> Journal.open(config, 0))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("missing");
    assertThat(middle).isPositive();
  }

  @Test
  void aMissingFirstOrLastSegmentIsDamageWhenTheCheckpointNeedsIt() throws IOException {
    JournalConfig config = driver.config(FsyncMode.NO);
    long end = filled(config);
    List<Path> paths = files.paths();
    byte[] last = files.bytes(paths.get(paths.size() - 1));
    files.remove(paths.get(paths.size() - 1));
    assertThatThrownBy(() -> Journal.open(config, end))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("position " + end);
    files.put(paths.get(paths.size() - 1), last);
    files.remove(paths.get(0));
    assertThatThrownBy(() -> Journal.open(config, 0))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("begins at position");
    for (Path path : files.paths()) {
      files.remove(path);
    }
    assertThatThrownBy(() -> Journal.open(config, end))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("gone");
  }

  private long filled(JournalConfig config) throws IOException {
    try (Journal journal = JournalDriver.open(config)) {
      for (int i = 0; i < 60; i++) {
        driver.append(journal, i, 200);
        journal.write();
      }
      return journal.appended();
    }
  }

  @Test
  void aNewerFormatIsRefusedAndLeftAsItIs() throws IOException {
    JournalConfig config = driver.config(FsyncMode.NO);
    filled(config);
    Path newest = files.paths().get(files.paths().size() - 1);
    byte[] bytes = files.bytes(newest);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putShort(8, (short) 2);
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).putLong(0, config.salt()));
    crc.update(bytes, 8, FrameFormat.HEADER - 8);
    header.putInt(4, (int) crc.getValue());
    files.put(newest, bytes);
    assertThatThrownBy(() -> Journal.open(config, 0))
        .isInstanceOf(NewerFormatException.class)
        .hasMessageContaining("format=2")
        .hasMessageContaining(newest.toString());
    assertThat(files.bytes(newest)).isEqualTo(bytes);
  }

  @Test
  void aStoredValueThatLooksLikeAFrameCannotStopAStart() throws IOException {
    // A client stores what would be a frame with a huge synced-to, had the journal no salt.
    ByteBuffer forged = ByteBuffer.allocateDirect(FrameFormat.HEADER);
    new FrameFormat(0).put(forged, 0, 0, 0, 9, 9, 1L << 40);
    byte[] body = new byte[FrameFormat.HEADER];
    forged.get(0, body);
    JournalConfig config = driver.config(FsyncMode.NO);
    Journal journal = JournalDriver.open(config);
    long first = driver.append(journal, 0, 50);
    journal.write();
    journal.append(new RecordDraft().reset(1, 0, 0, 0, 1, 1), body, 0, body.length);
    journal.write();
    files.kill();
    Path file = files.paths().get(0);
    files.flip(file, (files.bytes(file).length - FrameFormat.HEADER - 20) * 8L);
    Journal.Opened again = Journal.open(config, 0);
    assertThat(again.end()).isEqualTo(first);
    assertThat(again.cutBytes()).isPositive();
  }

  @Test
  void syncThroughForcesWhateverTheMode() throws Exception {
    try (Journal journal = JournalDriver.open(driver.config(FsyncMode.NO))) {
      long end = driver.append(journal, 0, 100);
      journal.syncThrough(end);
      assertThat(journal.synced()).isEqualTo(end);
      assertThatThrownBy(() -> journal.syncThrough(end + 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
