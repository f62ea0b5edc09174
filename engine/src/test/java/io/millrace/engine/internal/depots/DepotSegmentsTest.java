package io.millrace.engine.internal.depots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Seeds;
import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.log.JournalDriver;
import io.millrace.engine.internal.log.JournalSegment;
import io.millrace.engine.internal.log.Quiet;
import io.millrace.engine.internal.log.RecordDraft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DepotSegmentsTest {
  private static final Path ROOT = Path.of("/depots");
  private static final int DEPOT = JournalDriver.DEPOT;

  private final FaultFiles files = new FaultFiles();
  private final JournalDriver driver = new JournalDriver(files);
  private long nowMs = 1_700_000_000_000L;

  private DepotSegments open(Journal journal, Retention retention) throws IOException {
    DepotConfig config = DepotConfig.in(ROOT).files(files).sizes(3_000, 700);
    DepotSegments segments = DepotSegments.open(config, journal, () -> nowMs);
    segments.keep(DEPOT, retention);
    return segments;
  }

  private static List<Long> read(DepotSegments segments, int partition, long from)
      throws IOException {
    try (DepotReader reader = segments.read(DEPOT, partition, from)) {
      return drain(reader);
    }
  }

  private static List<Long> drain(DepotReader reader) throws IOException {
    List<Long> offsets = new ArrayList<>();
    for (DepotRecord record = reader.next(); record != null; record = reader.next()) {
      assertThat(ByteBuffer.wrap(record.body()).getLong(0)).isEqualTo(record.offset());
      offsets.add(record.offset());
    }
    return offsets;
  }

  /** Offsets of a partition when the driver appended the numbers below {@code to}. */
  private static List<Long> offsets(int partition, long from, long to) {
    return LongStream.range(from, to).filter(n -> (n & 3) == partition).boxed().toList();
  }

  private void fill(Journal journal, long from, long to) {
    for (long n = from; n < to; n++) {
      driver.append(journal, n, 60 + (int) (n * 7 % 90));
      journal.write();
    }
  }

  @Test
  void onlyWhatTheJournalHasSyncedIsCopiedAndTheRestIsReadFromTheJournal() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, Retention.FOREVER);
    fill(journal, 0, 100);
    assertThat(segments.copyStep()).isFalse();
    assertThat(segments.endOffset(DEPOT, 0)).isZero();
    assertThat(read(segments, 1, 0)).isEqualTo(offsets(1, 0, 100));
    journal.syncStep();
    fill(journal, 100, 120);
    assertThat(segments.copyStep()).isTrue();
    assertThat(segments.endOffset(DEPOT, 3)).isEqualTo(100);
    for (int p = 0; p < 4; p++) {
      for (long from : new long[] {0, 1, 50, 97, 110, 120}) {
        assertThat(read(segments, p, from)).isEqualTo(offsets(p, from, 120));
      }
    }
  }

  @Test
  void theJournalIsFreeOnlyUpToWhatTheSegmentsHaveOnDisk() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, Retention.FOREVER);
    fill(journal, 0, 200);
    journal.syncStep();
    segments.copyStep();
    assertThat(segments.syncedEnd()).isZero();
    segments.sync();
    assertThat(segments.syncedEnd()).isEqualTo(journal.synced());
    journal.truncateBefore(segments.syncedEnd());
    assertThat(journal.start()).isPositive();
    segments.tidy();
    assertThat(read(segments, 2, 0)).isEqualTo(offsets(2, 0, 200));
    fill(journal, 200, 220);
    assertThat(read(segments, 2, 7)).isEqualTo(offsets(2, 7, 220));
  }

  @Test
  void sealedSegmentsArePackedAndReadTheSame() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, Retention.FOREVER);
    fill(journal, 0, 800);
    for (int i = 0; i < 10; i++) {
      fill(journal, 800 + i * 40, 840 + i * 40);
      journal.syncStep();
      segments.sync();
    }
    long before = segments.bytes(DEPOT);
    try (DepotReader reader = segments.read(DEPOT, 1, 0)) {
      reader.next();
      segments.tidy();
      assertThat(drain(reader)).as("a reader in the old file").isEqualTo(offsets(1, 2, 1200));
    }
    assertThat(segments.bytes(DEPOT)).isLessThan(before);
    for (int p = 0; p < 4; p++) {
      assertThat(read(segments, p, 0)).isEqualTo(offsets(p, 0, 1200));
      assertThat(read(segments, p, 633)).isEqualTo(offsets(p, 633, 1200));
    }
    segments.close();
    files.kill();
    DepotSegments again = open(JournalDriver.open(driver.config(FsyncMode.NO)), Retention.FOREVER);
    assertThat(read(again, 3, 0)).isEqualTo(offsets(3, 0, 1200));
    assertThat(again.count(DEPOT)).isEqualTo(1200);
  }

  @Test
  void readingByTimeSkipsWhatIsOlder() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, Retention.FOREVER);
    fill(journal, 0, 300);
    journal.syncStep();
    segments.sync();
    segments.tidy();
    fill(journal, 300, 310);
    journal.syncStep();
    segments.copyStep();
    fill(journal, 310, 320);
    for (long from : new long[] {0, 17, 150, 299, 301, 308, 312, 400}) {
      try (DepotReader reader = segments.readAt(DEPOT, 0, 1_700_000_000_000L + from)) {
        assertThat(drain(reader)).isEqualTo(offsets(0, from, 320));
      }
    }
  }

  @Test
  void retentionByCountBytesAndAgeGivesTheSpaceBack() throws IOException {
    for (Retention retention :
        List.of(new Retention(0, 0, 100), new Retention(0, 20_000, 0), new Retention(100, 0, 0))) {
      files.clear();
      Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
      DepotSegments segments = open(journal, retention);
      for (int round = 0; round < 60; round++) {
        fill(journal, round * 20L, round * 20L + 20);
        // Stamps run one millisecond per event.
        nowMs = 1_700_000_000_000L + round * 20L + 20;
        JournalAppender.checkpoint(journal, segments);
      }
      assertThat(segments.startOffset(DEPOT, 0)).isPositive();
      List<Long> kept = read(segments, 0, 0);
      assertThat(kept.getLast()).isEqualTo(1196);
      assertThat(kept).isEqualTo(offsets(0, kept.getFirst(), 1200));
      if (retention.maxCount() > 0) {
        assertThat(segments.count(DEPOT)).isBetween(100L, 125L);
      } else if (retention.maxBytes() > 0) {
        assertThat(segments.bytes(DEPOT)).as("packed behind it").isBetween(15_000L, 26_000L);
      } else {
        assertThat(segments.count(DEPOT)).isBetween(80L, 160L);
      }
      assertThat(files.used()).as("the disk shrinks").isLessThan(60_000);
      nowMs += 1_000_000;
      segments.close();
      if (retention.maxAgeMs() > 0) {
        segments.tidy();
        segments.tidy();
        assertThat(segments.count(DEPOT)).as("the open segment too").isZero();
        assertThat(segments.endOffset(DEPOT, 0)).isEqualTo(1197);
      }
      journal.close();
    }
  }

  @Test
  void aBurstBeyondTheLimitIsCutToItAndStaysCut() throws IOException {
    for (Retention retention : List.of(new Retention(0, 0, 10), new Retention(0, 2_000, 0))) {
      files.clear();
      Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
      DepotSegments segments = open(journal, retention);
      long end = 0;
      for (int round = 0; round < 4; round++) {
        end += round == 0 ? 1_000 : 40;
        fill(journal, end - (round == 0 ? 1_000 : 40), end);
        JournalAppender.checkpoint(journal, segments);
        within(segments, retention, end);
        segments.close();
        long checkpoint = Math.min(segments.syncedEnd(), journal.synced());
        journal.close();
        files.kill();
        journal = Journal.open(driver.config(FsyncMode.NO), checkpoint).journal();
        segments = open(journal, retention);
        // Until the first look at the journal its oldest records are read from there again.
        segments.copyStep();
        within(segments, retention, end);
        assertThat(segments.endOffset(DEPOT, 3)).isEqualTo(end);
      }
      journal.close();
    }
  }

  /** Not less than the limit, a quarter more at most, and the end of every partition. */
  private static void within(DepotSegments segments, Retention retention, long end)
      throws IOException {
    if (retention.maxCount() > 0) {
      assertThat(segments.count(DEPOT)).isBetween(10L, 12L);
    } else {
      assertThat(segments.bytes(DEPOT)).as("packed behind it").isBetween(500L, 2_500L);
    }
    long read = 0;
    for (int p = 0; p < 4; p++) {
      List<Long> kept = read(segments, p, 0);
      read += kept.size();
      if (!kept.isEmpty()) {
        assertThat(kept).isEqualTo(offsets(p, kept.getFirst(), end));
      }
    }
    assertThat(read).isEqualTo(segments.count(DEPOT));
  }

  @Test
  void whatIsNeededStaysWhateverTheLimit() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, new Retention(0, 0, 10));
    long[] from = {500};
    segments.needed(() -> (depot, partition) -> partition == 2 ? from[0] : Long.MAX_VALUE);
    for (int round = 0; round < 20; round++) {
      fill(journal, round * 50L, round * 50L + 50);
      JournalAppender.checkpoint(journal, segments);
    }
    assertThat(read(segments, 2, 500)).isEqualTo(offsets(2, 500, 1_000));
    assertThat(segments.startOffset(DEPOT, 2)).isGreaterThan(400);
    from[0] = Long.MAX_VALUE;
    JournalAppender.checkpoint(journal, segments);
    assertThat(segments.count(DEPOT)).isBetween(10L, 12L);
  }

  @Test
  void segmentsAheadOfTheJournalAreCut() throws IOException {
    JournalConfig config = driver.config(FsyncMode.NO).segmentBytes(1 << 20);
    Journal journal = JournalDriver.open(config);
    DepotSegments segments = open(journal, Retention.FOREVER);
    fill(journal, 0, 100);
    journal.syncStep();
    segments.sync();
    journal.close();
    Path file = JournalDriver.DIRECTORY.resolve(JournalSegment.name(0));
    byte[] older = files.bytes(file);
    Journal later = JournalDriver.open(config);
    DepotSegments ahead = open(later, Retention.FOREVER);
    fill(later, 100, 200);
    later.syncStep();
    ahead.sync();
    ahead.tidy();
    files.kill();
    files.put(file, older);
    try (Quiet quiet = new Quiet()) {
      Journal restored = JournalDriver.open(config);
      DepotSegments cut = open(restored, Retention.FOREVER);
      cut.copyStep();
      for (int p = 0; p < 4; p++) {
        assertThat(read(cut, p, 0)).isEqualTo(offsets(p, 0, 100));
        assertThat(cut.endOffset(DEPOT, p)).isLessThanOrEqualTo(100);
      }
      fill(restored, 100, 130);
      restored.syncStep();
      cut.sync();
      assertThat(read(cut, 1, 0)).isEqualTo(offsets(1, 0, 130));
    }
  }

  @Test
  void damageInASegmentOrItsManifestIsRefused() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, Retention.FOREVER);
    fill(journal, 0, 60);
    journal.syncStep();
    segments.sync();
    Path part = ROOT.resolve("7/1/" + DepotPart.empty(1).name());
    files.flip(part, 120 * 8 + 3);
    assertThatThrownBy(() -> read(segments, 1, 0))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining(part.toString());
    files.flip(part, 120 * 8 + 3);
    byte[] whole = files.bytes(part);
    files.put(part, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> open(journal, Retention.FOREVER))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("shorter");
    files.remove(part);
    assertThatThrownBy(() -> open(journal, Retention.FOREVER))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("missing");
    files.put(part, whole);
    Path manifest = ROOT.resolve("7/manifest");
    files.flip(manifest, 200);
    assertThatThrownBy(() -> open(journal, Retention.FOREVER))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("manifest");
    files.remove(manifest);
    assertThatThrownBy(() -> open(journal, Retention.FOREVER))
        .isInstanceOf(DamageException.class)
        .hasMessageContaining("manifest");
  }

  @Test
  void powerCutsNeverLoseADepotEventThatTheJournalKept() throws IOException {
    long base = Seeds.next();
    int lost = 0;
    try (Quiet quiet = new Quiet()) {
      for (int i = 0; i < 250; i++) {
        lost += powerCuts(base + i);
      }
    }
    assertThat(lost).as("the cuts do cut").isPositive();
  }

  private int powerCuts(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    files.clear();
    Map<Integer, List<Long>> expected = new HashMap<>();
    long next = 0;
    int lost = 0;
    long checkpoint = 0;
    for (int life = 0; life < 3; life++) {
      Journal journal =
          Journal.open(driver.config(FsyncMode.EVERYSEC).segmentBytes(900), checkpoint).journal();
      DepotSegments segments = open(journal, Retention.FOREVER);
      for (int step = random.nextInt(40); step > 0; step--) {
        switch (random.nextInt(6)) {
          case 0, 1, 2 -> {
            long to = next + random.nextInt(8);
            fill(journal, next, to);
            next = to;
          }
          case 3 -> journal.syncStep();
          case 4 -> segments.copyStep();
          default -> {
            journal.syncStep();
            segments.sync();
            checkpoint = journal.synced();
            journal.truncateBefore(Math.min(checkpoint, segments.syncedEnd()));
            segments.tidy();
          }
        }
      }
      files.powerCut(random);
      Journal after =
          Journal.open(driver.config(FsyncMode.EVERYSEC).segmentBytes(900), checkpoint).journal();
      DepotSegments found = open(after, Retention.FOREVER);
      long kept = 0;
      for (int p = 0; p < 4; p++) {
        List<Long> all = read(found, p, 0);
        kept = Math.max(kept, all.isEmpty() ? 0 : all.getLast() + 1);
        expected.put(p, all);
      }
      for (int p = 0; p < 4; p++) {
        assertThat(expected.get(p)).as("seed %d", seed).isEqualTo(offsets(p, 0, kept));
      }
      lost += next > kept ? 1 : 0;
      next = kept;
      files.kill();
    }
    return lost;
  }

  @Test
  void whatRetentionGivesUpOnAFullDiskIsDeletedWhenThereIsRoomAgain() throws IOException {
    for (int call = 1; call < 30; call++) {
      files.clear();
      Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
      DepotSegments segments = open(journal, new Retention(0, 0, 10));
      fill(journal, 0, 200);
      journal.syncStep();
      segments.sync();
      files.failCall(call, FaultFiles.Fault.FULL);
      boolean full = false;
      try {
        segments.tidy();
      } catch (DiskFullException e) {
        full = true;
      }
      files.failCall(-1, FaultFiles.Fault.ERROR);
      segments.tidy();
      assertThat(segments.count(DEPOT)).isBetween(10L, 12L);
      long onDisk = 0;
      for (Path file : files.paths()) {
        if (file.startsWith(ROOT) && file.toString().endsWith(DepotPart.SUFFIX)) {
          onDisk += files.bytes(file).length;
        }
      }
      assertThat(onDisk).as("call %s, full %s", call, full).isEqualTo(segments.bytes(DEPOT));
      journal.close();
    }
  }

  @Test
  void aDepotThatCannotBeWrittenDoesNotKeepOthersFromMakingRoom() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, new Retention(0, 0, 10));
    int other = DEPOT + 1;
    segments.keep(other, new Retention(0, 0, 10));
    fill(journal, 0, 200);
    RecordDraft draft = new RecordDraft();
    for (int n = 0; n < 200; n++) {
      draft.reset(other, 0, n, nowMs, 1, 1);
      journal.append(draft, new byte[100], 0, 100);
    }
    journal.write();
    journal.syncStep();
    segments.sync();
    fill(journal, 200, 212);
    journal.syncStep();
    segments.copyStep();
    files.capacity(files.used() + 350);
    assertThatThrownBy(segments::tidy).isInstanceOf(DiskFullException.class);
    assertThat(segments.count(other)).isLessThan(50);
    files.capacity(Long.MAX_VALUE);
    segments.tidy();
    assertThat(segments.count(DEPOT)).isBetween(10L, 12L);
    journal.close();
  }

  @Test
  void segmentsAreNotPackedWhereThatTakesTheRoomOfOthers() throws IOException {
    Journal journal = JournalDriver.open(driver.config(FsyncMode.NO));
    DepotSegments segments = open(journal, Retention.FOREVER);
    List<Long> asked = new ArrayList<>();
    segments.roomToPack(bytes -> !asked.add(bytes));
    fill(journal, 0, 200);
    journal.syncStep();
    segments.sync();
    long before = segments.bytes(DEPOT);
    segments.tidy();
    assertThat(segments.bytes(DEPOT)).isEqualTo(before);
    assertThat(asked).allMatch(bytes -> bytes > 3_000).isNotEmpty();
    segments.roomToPack(bytes -> true);
    segments.tidy();
    assertThat(segments.bytes(DEPOT)).isLessThan(before);
    assertThat(read(segments, 1, 0)).isEqualTo(offsets(1, 0, 200));
    journal.close();
  }
}
