package io.millrace.engine.internal.depots;

import io.millrace.engine.depot.UnknownOutcomeException;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalReader;
import io.millrace.engine.internal.log.RecordDraft;
import io.millrace.engine.internal.log.RecordView;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The least a runtime does for a depot: offsets, stamps, and answers at the release. */
final class JournalAppender {
  private final Journal journal;
  private final RecordDraft draft = new RecordDraft();
  private final Map<Long, Long> ends = new HashMap<>();
  private final TreeMap<Long, Runnable> waiting = new TreeMap<>();
  private long stamp = 1_000;

  /** Folds the journal for the ends of the partitions. */
  JournalAppender(Journal journal, DepotSegments segments, int depot, int partitions) {
    this.journal = journal;
    for (int p = 0; p < partitions; p++) {
      ends.put(key(depot, p), segments.endOffset(depot, p));
    }
    try (JournalReader reader = journal.read(journal.start())) {
      while (reader.next()) {
        RecordView record = reader.record();
        ends.merge(key(record.depot(), record.partition()), record.offset() + 1, Math::max);
        stamp = Math.max(stamp, record.timeMs());
      }
    }
    journal.onReleased(this::answer);
    journal.onFatal(
        cause -> answerAll(new UnknownOutcomeException("The journal has failed", cause)));
  }

  private static long key(int depot, int partition) {
    return (long) depot << 32 | partition;
  }

  synchronized CompletableFuture<Long> append(int depot, int partition, List<byte[]> batch) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    long offset = ends.getOrDefault(key(depot, partition), 0L);
    long end = 0;
    for (byte[] body : batch) {
      stamp += 5;
      draft.reset(depot, partition, offset, stamp, 1, 1);
      end = journal.append(draft, body, 0, body.length);
      // Offsets need not be dense: leave a gap now and then.
      offset += offset % 3 == 0 ? 2 : 1;
    }
    ends.put(key(depot, partition), offset);
    long last = offset % 3 == 2 && (offset - 2) % 3 == 0 ? offset - 2 : offset - 1;
    waiting.put(end, () -> answer.complete(last));
    journal.write();
    return answer;
  }

  private synchronized void answer(long released) {
    while (!waiting.isEmpty() && waiting.firstKey() <= released) {
      waiting.pollFirstEntry().getValue().run();
    }
  }

  private synchronized void answerAll(UnknownOutcomeException outcome) {
    if (!waiting.isEmpty()) {
      waiting.clear();
      throw outcome;
    }
  }

  synchronized long endOffset(int depot, int partition) {
    return ends.getOrDefault(key(depot, partition), 0L);
  }

  /** What a checkpoint does for the depots. */
  static void checkpoint(Journal journal, DepotSegments segments) throws IOException {
    journal.syncStep();
    segments.sync();
    journal.truncateBefore(Math.min(segments.syncedEnd(), journal.synced()));
    segments.tidy();
  }
}
