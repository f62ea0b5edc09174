package io.millrace.engine.internal.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A planted fault, woven into {@link Journal} and the execution lock by the crash test of the node:
 * records are put into the journal's buffer only after the lock has been let go, so that another
 * lane can come between.
 */
public final class PlantedLatePublisher {
  private record Late(JournalBuffer buffer, RecordDraft draft, byte[] body) {}

  private static final ThreadLocal<List<Late>> PENDING = ThreadLocal.withInitial(ArrayList::new);

  private PlantedLatePublisher() {}

  /** Stands in the place of {@link JournalBuffer#append}; the answer is where it would end. */
  static long append(JournalBuffer buffer, RecordDraft draft, byte[] body, int off, int len) {
    List<Late> pending = PENDING.get();
    pending.add(new Late(buffer, copy(draft), Arrays.copyOfRange(body, off, off + len)));
    long end = buffer.appended();
    RecordWriter writer = new RecordWriter();
    for (Late late : pending) {
      writer.encode(late.draft, late.body.length);
      end += writer.length() + late.body.length;
    }
    return end;
  }

  /** Runs when the lock has been let go. */
  public static void publish() {
    List<Late> pending = PENDING.get();
    if (!pending.isEmpty()) {
      synchronized (PlantedLatePublisher.class) {
        for (Late late : pending) {
          late.buffer.append(late.draft, late.body, 0, late.body.length);
        }
      }
      pending.clear();
    }
  }

  private static RecordDraft copy(RecordDraft from) {
    RecordDraft to =
        new RecordDraft()
            .reset(from.depot, from.partition, from.offset, from.timeMs, from.type, from.version)
            .participants(from.participants.length == 0 ? from.participants : from.participants)
            .flags(from.flags);
    if (from.hasCause) {
      to.cause(from.causeTask, from.causeDepot, from.causeOffset, from.causeOrdinal);
    }
    if (from.hasSeed) {
      to.seed(from.seed);
    }
    byte[] key = from.key;
    if (key != null) {
      byte[] copied = Arrays.copyOfRange(key, from.keyOffset, from.keyOffset + from.keyLength);
      to.key(copied, 0, copied.length);
    }
    return to;
  }
}
