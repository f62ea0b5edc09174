package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real files, the real sync thread, and lanes that append and write at the same time. */
class JournalConcurrencyTest {
  private static final int LANES = 3;
  private static final int TURNS = 2_000;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(FsyncMode.class)
  void lanesWriteForEachOtherAndEveryRecordIsReleasedInOrder(FsyncMode mode)
      throws IOException, InterruptedException, ExecutionException {
    JournalConfig config = config(mode);
    AtomicLong highest = new AtomicLong();
    List<Throwable> fatal = new ArrayList<>();
    long end;
    try (Journal journal = Journal.open(config, 0).journal();
        ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
      journal.onReleased(position -> highest.accumulateAndGet(position, Math::max));
      journal.onFatal(fatal::add);
      ReentrantLock execution = new ReentrantLock();
      long[] next = new long[1];
      List<Future<?>> running = new ArrayList<>();
      for (int lane = 0; lane < LANES; lane++) {
        running.add(lanes.submit(() -> lane(journal, execution, next)));
      }
      for (Future<?> one : running) {
        one.get();
      }
      journal.write();
      await().atMost(Duration.ofSeconds(20)).until(() -> journal.released() == journal.appended());
      assertThat(highest.get()).isEqualTo(journal.appended());
      end = journal.appended();
      journal.syncThrough(end);
      assertThat(journal.synced()).isEqualTo(end);
      journal.truncateBefore(end / 2);
    }
    assertThat(fatal).isEmpty();
    try (Journal again = Journal.open(config, end / 2).journal()) {
      assertThat(again.written()).isEqualTo(end);
      List<Long> numbers = JournalDriver.read(again, again.start());
      for (int i = 1; i < numbers.size(); i++) {
        assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
      }
      assertThat(numbers.getLast()).isEqualTo((long) LANES * TURNS * 3 - 1);
    }
  }

  private static void lane(Journal journal, ReentrantLock execution, long[] next) {
    RecordDraft draft = new RecordDraft();
    for (int turn = 0; turn < TURNS; turn++) {
      execution.lock();
      try {
        for (int i = 0; i < 3; i++) {
          long number = next[0]++;
          byte[] body = new byte[number % 97 == 0 ? 5_000 : 40];
          ByteBuffer.wrap(body).putLong(0, number);
          for (int b = 8; b < body.length; b++) {
            body[b] = (byte) (number * 31 + b);
          }
          draft.reset(JournalDriver.DEPOT, 0, number, 0, 1, 1);
          journal.append(draft, body, 0, body.length);
        }
      } finally {
        execution.unlock();
      }
      journal.write();
    }
  }

  private JournalConfig config(FsyncMode mode) {
    return JournalConfig.in(directory.resolve("journal"))
        .fsync(mode)
        .segmentBytes(64 << 10)
        .buffer(16 << 10, 1 << 10)
        .reserveBytes(100_000);
  }

  @Test
  void filesAreReadableByTheirOwnerOnlyAndTheReserveIsTaken() throws IOException {
    JournalConfig config = config(FsyncMode.EVERYSEC);
    try (Journal journal = Journal.open(config, 0).journal()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config.directory())))
          .isEqualTo("rwx------");
      Path reserve = config.directory().resolve("reserve");
      await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(reserve));
      assertThat(Files.size(reserve)).isEqualTo(100_000);
      try (var all = Files.list(config.directory())) {
        assertThat(all)
            .allSatisfy(file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
      }
      assertThat(journal.full()).isFalse();
    }
  }

  @Test
  void everysecForcesByItselfAndNotesItWhenNothingGoesOn() throws IOException {
    JournalConfig config = config(FsyncMode.EVERYSEC);
    try (Journal journal = Journal.open(config, 0).journal()) {
      long before = journal.bytes();
      long end = journal.append(new RecordDraft().reset(1, 0, 0, 0, 1, 1), new byte[10], 0, 10);
      journal.write();
      assertThat(journal.released()).isEqualTo(end);
      await().atMost(Duration.ofSeconds(10)).until(() -> journal.synced() == end);
      long marked = before + end + 2L * FrameFormat.HEADER;
      await().atMost(Duration.ofSeconds(10)).until(() -> journal.bytes() == marked);
      assertThat(journal.syncs()).isPositive();
    }
  }
}
