package io.millrace.engine.internal.log;

import io.millrace.engine.state.HotPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Reads records in order, from a position up to what is written; the checksum of every frame is
 * verified. Not thread-safe; may run beside the writing lanes.
 */
@HotPath(benchmark = "JournalBenchmark")
public final class JournalReader implements AutoCloseable {
  private final Journal journal;
  private final JournalConfig config;
  private final RecordView view = new RecordView();
  private final long from;
  private @Nullable JournalSegment segment;
  private @Nullable FrameCursor cursor;

  /** Offset of the next frame, and its position once {@code located}. */
  private long offset;

  private long position;
  private boolean located;

  /** What the cursor has buffered is whole for frames below this position. */
  private long wholeTo;

  private byte[] bytes = new byte[0];
  private int at;
  private int limit;
  private long recordPosition;
  private long epoch;

  JournalReader(Journal journal, JournalConfig config, long from) {
    this.journal = journal;
    this.config = config;
    this.from = from;
    position = from;
    recordPosition = from;
    if (from < journal.start()) {
      throw new PositionGoneException(from, journal.start());
    }
    if (from > journal.appended()) {
      throw new IllegalArgumentException(
          "Behind the end of the journal: from=" + from + " end=" + journal.appended());
    }
  }

  /**
   * Moves to the next record; false at the present end, after which it may be called again.
   *
   * @throws DamageException when bytes that were written cannot be read back
   * @throws PositionGoneException when truncation overtook this reader
   */
  public boolean next() {
    try {
      while (true) {
        while (at < limit) {
          at = wrap();
          recordPosition = view.endPosition();
          if (view.position() >= from) {
            return true;
          }
          if (recordPosition > from) {
            throw new IllegalArgumentException("No record begins there: position=" + from);
          }
        }
        if (!loadFrame()) {
          return false;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int wrap() {
    try {
      return view.wrap(bytes, at, limit, recordPosition);
    } catch (IllegalStateException e) {
      DamageException damage = damaged(String.valueOf(e.getMessage()));
      damage.initCause(e);
      throw damage;
    }
  }

  private boolean loadFrame() throws IOException {
    while (position < journal.written()) {
      FrameCursor frames = cursorAt(position);
      if (position >= wholeTo) {
        wholeTo = journal.written();
        frames.refresh();
      }
      if (!frames.load(offset) || (located && frames.position() != position)) {
        throw damaged("The journal is damaged");
      }
      offset += frames.frameBytes();
      position = frames.position() + frames.length();
      located = true;
      if (frames.length() == 0 || position <= from) {
        continue;
      }
      recordPosition = frames.position();
      bytes = frames.bytes();
      at = frames.recordsFrom();
      limit = frames.recordsTo();
      epoch = frames.epoch();
      return true;
    }
    return false;
  }

  private FrameCursor cursorAt(long wanted) throws IOException {
    FrameCursor open = cursor;
    JournalSegment current = segment;
    if (open != null && current != null && wanted < current.end) {
      return open;
    }
    close();
    JournalSegment found = journal.writer().segmentOf(wanted);
    if (found == null) {
      throw new PositionGoneException(wanted, journal.start());
    }
    try {
      open = FrameCursor.open(config.files(), found.path, config.salt());
    } catch (NoSuchFileException e) {
      PositionGoneException gone = new PositionGoneException(wanted, journal.start());
      gone.initCause(e);
      throw gone;
    }
    cursor = open;
    segment = found;
    located = found.first == wanted;
    offset = found.floor(wanted);
    return open;
  }

  private DamageException damaged(String what) {
    return new DamageException(
        String.valueOf(segment),
        offset,
        position,
        what,
        "Stop the node and restore a backup, or rebuild what can be rebuilt from its depots.");
  }

  /** The current record, valid until {@link #next} or {@link #close}. */
  public RecordView record() {
    return view;
  }

  /** Epoch in which the current record was written. */
  public long epoch() {
    return epoch;
  }

  /** Position behind the current record; the start position before the first. */
  public long position() {
    return recordPosition;
  }

  @Override
  public void close() {
    FrameCursor open = cursor;
    cursor = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
