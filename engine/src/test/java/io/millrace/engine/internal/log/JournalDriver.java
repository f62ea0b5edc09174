package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.FaultFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens journals over {@link io.millrace.engine.internal.file.FaultFiles} and remembers what was
 * appended.
 */
public final class JournalDriver {
  public static final Path DIRECTORY = Path.of("/journal");
  public static final int DEPOT = 7;

  final FaultFiles files;
  private final RecordDraft draft = new RecordDraft();

  /** A clock the test moves. */
  final long[] nanos = {5_000_000_000L};

  public JournalDriver(FaultFiles files) {
    this.files = files;
  }

  public JournalConfig config(FsyncMode mode) {
    return JournalConfig.in(DIRECTORY)
        .files(files)
        .fsync(mode)
        .segmentBytes(2000)
        .buffer(4096, 700)
        .reserveBytes(0)
        .salt(0x5eed_5a17L)
        .nanoClock(() -> nanos[0])
        .withoutThread();
  }

  /** Appends a record whose body begins with {@code number}. */
  public long append(Journal journal, long number, int bodyLength) {
    byte[] body = new byte[Math.max(8, bodyLength)];
    ByteBuffer.wrap(body).putLong(0, number);
    for (int i = 8; i < body.length; i++) {
      body[i] = (byte) (number * 31 + i);
    }
    draft.reset(DEPOT, (int) (number & 3), number, 1_700_000_000_000L + number, 1, 1);
    if (number % 5 == 0) {
      draft.seed(number);
    }
    return journal.append(draft, body, 0, body.length);
  }

  /** Reads from a position to the end; checks each body and that positions join. */
  static List<Long> read(Journal journal, long from) {
    List<Long> numbers = new ArrayList<>();
    try (JournalReader reader = journal.read(from)) {
      long position = from;
      while (reader.next()) {
        RecordView record = reader.record();
        if (record.position() != position) {
          throw new AssertionError("A hole at " + position + ", next is " + record.position());
        }
        position = record.endPosition();
        numbers.add(number(record));
      }
      if (position != journal.written()) {
        throw new AssertionError("Read to " + position + " of " + journal.written());
      }
    }
    return numbers;
  }

  static long number(RecordView record) {
    byte[] body = record.body();
    long number = ByteBuffer.wrap(body).getLong(0);
    for (int i = 8; i < body.length; i++) {
      if (body[i] != (byte) (number * 31 + i)) {
        throw new AssertionError("The body of " + number + " is wrong at " + i);
      }
    }
    if (record.offset() != number) {
      throw new AssertionError("Offset " + record.offset() + " of record " + number);
    }
    return number;
  }

  public static Journal open(JournalConfig config) throws IOException {
    return Journal.open(config, 0).journal();
  }
}
