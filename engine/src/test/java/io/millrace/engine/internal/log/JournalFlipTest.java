package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.log.JournalFrames.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every bit and every length of a journal of 64 KiB. */
class JournalFlipTest {
  private static final int SIZE = 64 << 10;
  private static final Path FILE = JournalDriver.DIRECTORY.resolve(JournalSegment.name(0));

  private final JournalDriver driver = new JournalDriver(new FaultFiles());
  private final JournalConfig config = driver.config(FsyncMode.NO).segmentBytes(1 << 20);

  /** A file of exactly 64 KiB: synced now and then, the last eighth never. */
  private byte[] journal() throws IOException {
    Journal journal = JournalDriver.open(config);
    int number = 0;
    while (size() < SIZE - 1500) {
      for (int i = 0; i < 1 + number % 4; i++) {
        driver.append(journal, number++, 20 + number * 37 % 300);
      }
      journal.write();
      if (number % 7 == 0 && size() < SIZE * 7 / 8) {
        journal.syncStep();
        if (number % 3 == 0) {
          journal.mark();
        }
      }
    }
    int room = SIZE - size() - FrameFormat.HEADER;
    driver.append(journal, number, room - overhead(number, room));
    journal.write();
    byte[] bytes = driver.files.bytes(FILE);
    assertThat(bytes).hasSize(SIZE);
    return bytes;
  }

  /** Bytes a record takes beyond its body. */
  private static int overhead(int number, int room) throws IOException {
    JournalDriver scratch = new JournalDriver(new FaultFiles());
    try (Journal journal = JournalDriver.open(scratch.config(FsyncMode.NO))) {
      return (int) scratch.append(journal, number, room - 30) - (room - 30);
    }
  }

  private int size() {
    return driver.files.bytes(FILE).length;
  }

  @Test
  void everyFlippedBitIsRefusedBelowTheSyncedPositionAndCutAboveIt() throws IOException {
    byte[] bytes = journal();
    List<Frame> frames = JournalFrames.frames(bytes);
    assertThat(frames).hasSizeGreaterThan(50);
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger cut = new AtomicInteger();
    IntStream.range(0, 2).parallel().forEach(half -> flipHalf(half, bytes, frames, refused, cut));
    assertThat(refused.get() + cut.get()).isEqualTo(SIZE * 8);
    assertThat(refused.get()).as("refused").isGreaterThan(SIZE * 4);
    assertThat(cut.get()).as("cut").isGreaterThan(SIZE / 4);
  }

  private void flipHalf(
      int half, byte[] bytes, List<Frame> frames, AtomicInteger refused, AtomicInteger cut) {
    FaultFiles files = new FaultFiles();
    files.put(FILE, bytes);
    for (int f = half; f < frames.size(); f += 2) {
      Frame frame = frames.get(f);
      long proven = 0;
      for (int later = f + 1; later < frames.size(); later++) {
        proven = Math.max(proven, frames.get(later).syncedTo());
      }
      boolean damage = f == 0 || proven > frame.position();
      for (long bit = frame.from() * 8L; bit < frame.to() * 8L; bit++) {
        files.flip(FILE, bit);
        assertThat(verdict(files, 0))
            .as("bit %d of frame %d", bit, f)
            .isEqualTo(damage ? "damage at " + frame.from() : "cut at " + frame.position());
        files.flip(FILE, bit);
        (damage ? refused : cut).incrementAndGet();
      }
    }
  }

  /** What a start would do, without doing it. */
  private String verdict(FaultFiles files, long checkpoint) {
    try {
      JournalScan scan =
          new JournalScan(files, JournalDriver.DIRECTORY, config.salt(), checkpoint).run();
      return scan.cutBytes > 0 ? "cut at " + scan.end : "whole";
    } catch (DamageException e) {
      return "damage at " + e.byteOffset();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyCutIsRefusedBelowTheCheckpointAndSaidAboveIt() throws IOException {
    byte[] bytes = journal();
    List<Frame> frames = JournalFrames.frames(bytes);
    long checkpoint = frames.get(frames.size() / 2).end();
    FaultFiles files = new FaultFiles();
    int next = 0;
    for (int length = 1; length < SIZE; length++) {
      while (frames.get(next).to() <= length) {
        next++;
      }
      Frame torn = frames.get(next);
      files.put(FILE, Arrays.copyOf(bytes, length));
      String expected = length == torn.from() ? "whole" : "cut at " + torn.position();
      if (torn.position() < checkpoint) {
        expected = "damage at " + torn.from();
      }
      assertThat(verdict(files, checkpoint)).as("length %d", length).isEqualTo(expected);
    }
  }

  @Test
  void whatIsCutIsGoneForGoodAndTheRestGoesOn() throws IOException {
    byte[] bytes = journal();
    List<Frame> frames = JournalFrames.frames(bytes);
    try (Quiet quiet = new Quiet()) {
      for (int f = frames.size() - 4; f < frames.size(); f++) {
        Frame frame = frames.get(f);
        for (int length = frame.from() + 1; length < frame.to(); length += 13) {
          FaultFiles files = new FaultFiles();
          files.put(FILE, Arrays.copyOf(bytes, length));
          JournalConfig there = config.files(files);
          Journal.Opened opened = Journal.open(there, 0);
          assertThat(opened.end()).isEqualTo(frame.position());
          assertThat(opened.cutBytes()).isEqualTo(length - frame.from());
          opened.journal().close();
          assertThat(Journal.open(there, 0).cutBytes()).isZero();
        }
      }
    }
  }
}
