package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.file.FaultFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Journals of released formats are kept, and must open for ever. */
class JournalFormatTest {
  private static final String FORMAT_1 = "/formats/journal-1/";

  private final FaultFiles files = new FaultFiles();
  private final JournalDriver driver = new JournalDriver(files);

  private void load(long first) throws IOException {
    String name = JournalSegment.name(first);
    try (InputStream in = JournalFormatTest.class.getResourceAsStream(FORMAT_1 + name)) {
      Path file = JournalDriver.DIRECTORY.resolve(name);
      files.put(file, Objects.requireNonNull(in, name).readAllBytes());
    }
  }

  @Test
  void aJournalOfFormatOneOpensAndGoesOn() throws IOException {
    List<Long> segments = List.of(0L, 1405L, 3069L, 4731L);
    for (long first : segments) {
      load(first);
    }
    Journal.Opened opened = Journal.open(driver.config(FsyncMode.EVERYSEC), 0);
    assertThat(opened.cutBytes()).isZero();
    Journal journal = opened.journal();
    assertThat(journal.epoch()).isEqualTo(3);
    assertThat(JournalDriver.read(journal, 0)).isEqualTo(LongStream.range(0, 16).boxed().toList());
    driver.append(journal, 16, 30);
    journal.write();
    assertThat(JournalDriver.read(journal, 0)).hasSize(17);
    journal.close();
  }
}
