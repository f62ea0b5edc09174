package io.millrace.benchmarks.log;

import io.millrace.benchmarks.NanosPerCall;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.log.JournalReader;
import io.millrace.engine.internal.log.RecordDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Appending records with bodies of 100 bytes and writing them, a turn of {@code records} at a time;
 * opening a journal (the recovery scan) and reading it back.
 */
public class JournalBenchmark extends NanosPerCall {
  private static final int BODY = 100;
  private static final int TURN = 1600;

  /** Where the files go; the default is a temporary directory. */
  @Param("")
  public String directory = "";

  private Path root = Path.of(".");
  private Path full = Path.of(".");
  private JournalConfig fullConfig = JournalConfig.in(full);
  private @Nullable Journal journal;
  private final RecordDraft draft = new RecordDraft();
  private final byte[] body = new byte[BODY];
  private long offset;
  private int untilTruncation;

  /** Opens an empty journal, and makes one of 64 MiB to read. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    root =
        directory.isEmpty()
            ? Files.createTempDirectory("millrace-journal")
            : Files.createTempDirectory(Path.of(directory), "millrace-journal");
    journal =
        Journal.open(JournalConfig.in(root.resolve("live")).fsync(FsyncMode.EVERYSEC), 0).journal();
    full = root.resolve("full");
    fullConfig = JournalConfig.in(full).fsync(FsyncMode.NO).reserveBytes(0).withoutThread();
    try (Journal filled = Journal.open(fullConfig, 0).journal()) {
      while (filled.bytes() < 64L << 20) {
        for (int i = 0; i < 16; i++) {
          append(filled);
        }
        filled.write();
      }
    }
  }

  private long append(Journal to) {
    draft.reset(3, (int) offset & 63, offset, 1_763_800_000_000L, 5, 1);
    offset++;
    return to.append(draft, body, 0, BODY);
  }

  /** One write per record: no pipeline, one client. */
  @Benchmark
  @OperationsPerInvocation(TURN)
  public long turnsOf1() throws IOException {
    return turns(1);
  }

  /** One write per 16 records: one client's pipeline. */
  @Benchmark
  @OperationsPerInvocation(TURN)
  public long turnsOf16() throws IOException {
    return turns(16);
  }

  /** One write per 800 records: 50 clients' pipelines. */
  @Benchmark
  @OperationsPerInvocation(TURN)
  public long turnsOf800() throws IOException {
    return turns(800);
  }

  private long turns(int records) throws IOException {
    Journal live = Objects.requireNonNull(journal);
    for (int done = 0; done < TURN; done += records) {
      while (!live.hasRoom(records * (BODY + 30))) {
        live.write();
      }
      for (int i = 0; i < records; i++) {
        append(live);
      }
      live.write();
    }
    if (++untilTruncation == 1000) {
      untilTruncation = 0;
      live.truncateBefore(live.synced());
    }
    return live.released();
  }

  /** Recovery scan of 64 MiB, in milliseconds per journal. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public long scanOf64MiB() throws IOException {
    Journal.Opened opened = Journal.open(fullConfig, 0);
    opened.journal().close();
    return opened.end();
  }

  /** Reading every record of 64 MiB, in milliseconds per journal. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public long openAndReadOf64MiB() throws IOException {
    long sum = 0;
    try (Journal opened = Journal.open(fullConfig, 0).journal();
        JournalReader reader = opened.read(0)) {
      while (reader.next()) {
        sum += reader.record().offset();
      }
    }
    return sum;
  }

  /** Deletes the files. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    Objects.requireNonNull(journal).close();
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    }
  }
}
