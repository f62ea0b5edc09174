package io.millrace.engine.internal.log;

import io.millrace.engine.depot.DepotLog;
import io.millrace.engine.depot.DepotLogContractTest;
import io.millrace.engine.depot.Retention;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

class LocalDepotLogTest extends DepotLogContractTest {
  private final FaultFiles files = new FaultFiles();
  private final JournalDriver driver = new JournalDriver(files);
  private @Nullable Journal journal;
  private @Nullable DepotSegments segments;

  @Override
  protected DepotLog create() throws IOException {
    Journal opened = JournalDriver.open(driver.config(FsyncMode.EVERYSEC).segmentBytes(600));
    DepotConfig config = DepotConfig.in(Path.of("/depots")).files(files).sizes(400, 150);
    DepotSegments kept = DepotSegments.open(config, opened, () -> 0);
    kept.keep(depot, Retention.FOREVER);
    journal = opened;
    segments = kept;
    return new LocalDepotLog(new JournalAppender(opened, kept, depot, 4), kept);
  }

  @Override
  protected DepotLog restart() throws IOException {
    files.kill();
    return create();
  }

  @Override
  protected void settle() throws IOException {
    Journal opened = journal;
    DepotSegments kept = segments;
    if (opened != null && kept != null) {
      JournalAppender.checkpoint(opened, kept);
    }
  }
}
