package io.millrace.engine.internal.depots;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.JournalReader;
import io.millrace.engine.internal.log.PositionGoneException;
import io.millrace.engine.internal.log.RecordView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition: first its segments, then the block being collected, then the journal itself up
 * to what is released.
 */
final class PartitionReader implements DepotReader {
  private final DepotSegments segments;
  private final int depot;
  private final int partition;
  private final BlockCursor block = new BlockCursor();

  /** The next event wanted: at least this offset and, until the first was found, this stamp. */
  private long wanted;

  private long wantedTime;

  private DepotPartition.@Nullable Place place;
  private @Nullable FileHandle handle;
  private long at;
  private long limit;
  private long lastOffset = -1;

  /** Journal position from which on nothing is in the segments. */
  private long tailFrom;

  private @Nullable JournalReader tail;
  private boolean held;

  PartitionReader(DepotSegments segments, int depot, int partition, long offset, long timeMs) {
    this.segments = segments;
    this.depot = depot;
    this.partition = partition;
    wanted = offset;
    wantedTime = timeMs;
  }

  @Override
  public @Nullable DepotRecord next() throws IOException {
    while (true) {
      JournalReader journal = tail;
      if (journal != null) {
        try {
          return nextOfTail(journal);
        } catch (PositionGoneException e) {
          // The copier has overtaken this reader: what it wants is in a segment now.
          closeTail();
        }
      }
      while (block.next()) {
        if (wants(block.record())) {
          return delivered(block.record());
        }
      }
      if (!nextBlock() && !nextPlace()) {
        openTail();
      }
    }
  }

  private void openTail() {
    try {
      tail = segments.journal().read(tailFrom);
    } catch (PositionGoneException e) {
      // Truncated this moment, so it was copied before: look for the place again.
      tail = null;
    }
  }

  private boolean wants(RecordView record) {
    return record.offset() >= wanted && record.timeMs() >= wantedTime;
  }

  private DepotRecord delivered(RecordView record) {
    wanted = record.offset() + 1;
    wantedTime = Long.MIN_VALUE;
    byte[] key = null;
    if (record.hasKey()) {
      int from = record.keyOffset();
      key = Arrays.copyOfRange(record.bytes(), from, from + record.keyLength());
    }
    return new DepotRecord(
        record.offset(),
        record.timeMs(),
        record.type(),
        record.version(),
        record.flags(),
        key,
        record.body());
  }

  private @Nullable DepotRecord nextOfTail(JournalReader journal) {
    long released = segments.journal().released();
    while (held || journal.next()) {
      RecordView record = journal.record();
      held = record.endPosition() > released;
      if (held) {
        return null;
      }
      if (record.depot() == depot && record.partition() == partition && wants(record)) {
        return delivered(record);
      }
    }
    return null;
  }

  /** Loads the next block of the open segment that can hold something wanted. */
  private boolean nextBlock() throws IOException {
    FileHandle open = handle;
    DepotPartition.Place from = place;
    if (from != null && from.part() == null) {
      wanted = Math.max(wanted, from.block().lastOffset() + 1);
      place = null;
    }
    if (open == null || from == null) {
      return false;
    }
    String file = from.file().toString();
    while (at < limit) {
      DepotBlock header = DepotBlock.header(open, file, at, segments.config().salt());
      long begin = at;
      at += header.bytes();
      lastOffset = header.lastOffset();
      if (header.lastOffset() >= wanted && header.lastTime() >= wantedTime) {
        block.set(header.events(open, file, begin), header.raw(), header, file);
        return true;
      }
    }
    DepotPart part = from.part();
    if (part != null && from.limit() < 0 && lastOffset != part.lastOffset()) {
      throw new DamageException(
          file,
          at,
          lastOffset,
          "A depot segment ends at offset " + lastOffset + " instead of " + part.lastOffset(),
          "Restore a backup of this directory.");
    }
    wanted = Math.max(wanted, lastOffset + 1);
    closeSegment();
    return false;
  }

  /** Finds where to go on; false when only the journal can have more. */
  private boolean nextPlace() throws IOException {
    // First the position, then the place: what lies below it is in the segments by then.
    long start = segments.journal().start();
    tailFrom = segments.keeps(depot) ? Math.max(segments.copiedTo(), start) : start;
    DepotPartition found = segments.partition(depot, partition);
    DepotPartition.Place next = found == null ? null : found.locate(wanted, wantedTime);
    if (found == null || next == null) {
      return false;
    }
    place = next;
    if (next.part() == null) {
      block.set(next.events(), next.events().length, next.block(), next.file().toString());
      return true;
    }
    try {
      FileHandle opened = segments.config().files().open(next.file(), FileLayer.Mode.READ);
      handle = opened;
      at = 0;
      limit = next.limit() < 0 || packed(opened, next) ? opened.size() : next.limit();
      lastOffset = -1;
    } catch (NoSuchFileException e) {
      // Given up by retention between looking and opening, whole or in part: look again.
      place = null;
      DepotPartition.Place again = found.locate(wanted, wantedTime);
      if (again != null && again.part() != null && again.part().first() == next.part().first()) {
        wanted = next.part().lastOffset() + 1;
      }
    }
    return true;
  }

  /** Whether the file was sealed and packed between looking and opening. */
  private boolean packed(FileHandle opened, DepotPartition.Place next) throws IOException {
    DepotBlock first =
        DepotBlock.header(opened, next.file().toString(), 0, segments.config().salt());
    return (first.flags() & DepotBlock.PACKED) != 0;
  }

  private void closeSegment() throws IOException {
    FileHandle open = handle;
    handle = null;
    place = null;
    if (open != null) {
      open.close();
    }
  }

  private void closeTail() {
    JournalReader open = tail;
    tail = null;
    held = false;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    closeTail();
    try {
      closeSegment();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
