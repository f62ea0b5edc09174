package io.millrace.engine.internal.depots;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalDriver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The contract of a depot, held by a journal and the segments behind it. */
class SegmentsDepotTest extends DepotContractTest {
  private static final int DEPOT = 1;
  private static final int PARTITIONS = 4;

  private final FaultFiles files = new FaultFiles();
  private final JournalDriver driver = new JournalDriver(files);
  private @Nullable Journal journal;
  private @Nullable DepotSegments segments;
  private @Nullable JournalAppender appender;

  @Override
  void create() throws IOException {
    Journal opened = JournalDriver.open(driver.config(FsyncMode.EVERYSEC).segmentBytes(600));
    DepotConfig config = DepotConfig.in(Path.of("/depots")).files(files).sizes(400, 150);
    DepotSegments kept = DepotSegments.open(config, opened, () -> 0);
    kept.keep(DEPOT, Retention.FOREVER);
    journal = opened;
    segments = kept;
    appender = new JournalAppender(opened, kept, DEPOT, PARTITIONS);
  }

  private DepotSegments segments() {
    return Objects.requireNonNull(segments);
  }

  private JournalAppender appender() {
    return Objects.requireNonNull(appender);
  }

  @Override
  void restart() throws IOException {
    files.kill();
    create();
  }

  @Override
  void settle() throws IOException {
    JournalAppender.checkpoint(Objects.requireNonNull(journal), segments());
  }

  @Override
  void close() throws IOException {
    segments().close();
  }

  @Override
  long append(int partition, String... texts) {
    return appender()
        .append(
            DEPOT,
            partition,
            Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList())
        .join();
  }

  @Override
  DepotReader open(int partition, long fromOffset) {
    return segments().read(DEPOT, partition, fromOffset);
  }

  @Override
  DepotReader openAt(int partition, long fromTimeMs) {
    return segments().readAt(DEPOT, partition, fromTimeMs);
  }

  @Override
  long endOffset(int partition) {
    return appender().endOffset(DEPOT, partition);
  }

  @Override
  void truncatePrefix(int partition, long before) throws IOException {
    segments().truncatePrefix(DEPOT, partition, before);
  }

  @Override
  String text(DepotRecord record) {
    return new String(record.body(), StandardCharsets.UTF_8);
  }
}
