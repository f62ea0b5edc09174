package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.state.HotPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files: frames go into the newest, older ones wait to be forced, read or deleted.
 * Methods that write need the journal's write lock; forcing is the sync thread's alone.
 */
@HotPath(benchmark = "JournalBenchmark")
final class SegmentWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentWriter.class);
  private static final long RETRY_NANOS = 20_000_000L;
  private static final int STAGING = 256 << 10;

  private final JournalConfig config;
  private final FrameFormat format;
  private final Reserve reserve;
  private final long epoch;
  private final ByteBuffer[] pieces = new ByteBuffer[JournalBuffer.MAX_PIECES];
  private final ByteBuffer header = ByteBuffer.allocateDirect(FrameFormat.HEADER);

  /** Large bodies go through this, so that the JDK keeps no copy of their size. */
  private @Nullable ByteBuffer staging;

  private final ByteBuffer[] staged = new ByteBuffer[1];
  private volatile JournalSegment[] segments;
  private JournalSegment active;
  private long lastTry;
  private volatile long markedTo;
  private volatile boolean directoryDirty;
  private volatile boolean full;
  private volatile long truncated;

  /** Checkpoint thread: out of the list, but its file may still be there. */
  private @Nullable JournalSegment leaving;

  private SegmentWriter(JournalConfig config, JournalSegment[] segments, long epoch)
      throws IOException {
    this.config = config;
    this.segments = segments;
    this.epoch = epoch;
    active = segments[segments.length - 1];
    format = new FrameFormat(config.salt());
    reserve = new Reserve(config);
  }

  /** Makes what the scan found durable, cuts the tail, and begins a new epoch. */
  static SegmentWriter start(JournalConfig config, JournalScan scan) throws IOException {
    FileLayer files = config.files();
    boolean fresh = scan.segments.isEmpty();
    if (fresh) {
      JournalSegment first = new JournalSegment(config.directory(), 0);
      first.handle = files.open(first.path, FileLayer.Mode.CREATE);
      scan.segments.add(first);
    }
    int last = scan.segments.size() - 1;
    for (int i = 0; i <= last; i++) {
      JournalSegment segment = scan.segments.get(i);
      FileHandle handle = segment.handle;
      if (handle == null) {
        handle = files.open(segment.path, FileLayer.Mode.WRITE);
      }
      long size = handle.size();
      if (i == last && size > scan.lastBytes) {
        handle.truncate(scan.lastBytes);
        size = scan.lastBytes;
      }
      segment.bytes = size;
      if (i >= scan.firstRead) {
        handle.sync();
      }
      if (i == last) {
        segment.handle = handle;
      } else {
        handle.close();
      }
    }
    for (int i = scan.surplus.size() - 1; i >= 0; i--) {
      files.delete(scan.surplus.get(i).path);
    }
    files.syncDirectory(config.directory());
    SegmentWriter writer =
        new SegmentWriter(config, scan.segments.toArray(new JournalSegment[0]), scan.epoch + 1);
    writer.begin(scan.end, fresh);
    return writer;
  }

  /**
   * Writes the first frame of the epoch. A disk that is full at start may stay so, because every
   * later frame names the epoch as well; but the very first frame of a journal must be there.
   */
  private void begin(long end, boolean fresh) throws IOException {
    try {
      empty(FrameFormat.EPOCH, end, end);
      FileHandle handle = active.handle;
      if (handle != null) {
        handle.sync();
      }
    } catch (DiskFullException e) {
      if (fresh) {
        throw e;
      }
      becomeFull(e);
    }
    markedTo = end;
  }

  long epoch() {
    return epoch;
  }

  long start() {
    return segments[0].first;
  }

  JournalSegment[] segments() {
    return segments;
  }

  /** The segment that holds a position, the newest for the end; null when it was deleted. */
  @Nullable JournalSegment segmentOf(long position) {
    JournalSegment[] all = segments;
    for (int i = all.length - 1; i >= 0; i--) {
      if (all[i].first <= position) {
        return all[i];
      }
    }
    return null;
  }

  boolean reserveHeld() {
    return reserve.held() || !reserve.wanted();
  }

  boolean full() {
    return full;
  }

  long totalBytes() {
    long sum = 0;
    for (JournalSegment segment : segments) {
      sum += segment.bytes;
    }
    return sum;
  }

  /**
   * Writes the next frame of what the buffer holds between {@code from} and {@code to}.
   *
   * @return position behind the frame; {@code from} when the disk is full
   */
  long write(JournalBuffer buffer, long from, long to, long synced, long now) throws IOException {
    if (full && !reserve.held() && now - lastTry < RETRY_NANOS) {
      return from;
    }
    lastTry = now;
    while (true) {
      try {
        return tryWrite(buffer, from, to, synced);
      } catch (DiskFullException e) {
        active.handle().truncate(active.bytes);
        if (!becomeFull(e)) {
          return from;
        }
      }
    }
  }

  private long tryWrite(JournalBuffer buffer, long from, long to, long synced) throws IOException {
    int count = buffer.collect(from, to, pieces);
    int length = 0;
    for (int i = 1; i < count; i++) {
      length = Math.addExact(length, pieces[i].remaining());
    }
    long frame = FrameFormat.HEADER + (long) length;
    if (active.bytes + frame > config.segmentBytes() && from > active.first) {
      roll(from);
    }
    int crc = format.recordsCrc(pieces, 1, count);
    format.put(header, 0, length, crc, epoch, from, synced);
    pieces[0] = header;
    JournalSegment segment = active;
    writeFully(segment, count);
    forget(count);
    segment.note(from, segment.bytes);
    segment.bytes += frame;
    markedTo = synced;
    if (full && !reserve.wanted()) {
      full = false;
      LOG.info("The journal has space again");
    }
    return from + length;
  }

  /** Lets go of large bodies, which are somebody's heap. */
  private void forget(int count) {
    for (int i = 1; i < count; i++) {
      if (!pieces[i].isDirect()) {
        pieces[i] = header;
      }
    }
  }

  private void writeFully(JournalSegment segment, int count) throws IOException {
    FileHandle handle = segment.handle();
    long at = segment.bytes;
    int i = 0;
    while (i < count) {
      if (!pieces[i].hasRemaining()) {
        i++;
        continue;
      }
      long wrote;
      if (pieces[i].isDirect()) {
        int run = i + 1;
        while (run < count && pieces[run].isDirect()) {
          run++;
        }
        wrote = handle.write(pieces, i, run - i, at);
      } else {
        wrote = writeStaged(handle, pieces[i], at);
      }
      if (wrote <= 0) {
        throw new IOException("The disk takes nothing: file=" + segment);
      }
      at += wrote;
    }
  }

  private long writeStaged(FileHandle handle, ByteBuffer piece, long at) throws IOException {
    ByteBuffer buffer = staging;
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(STAGING);
      staging = buffer;
      staged[0] = buffer;
    }
    int length = Math.min(STAGING, piece.remaining());
    buffer.clear();
    buffer.put(0, piece, piece.position(), length);
    buffer.limit(length);
    long wrote = handle.write(staged, 0, 1, at);
    piece.position(piece.position() + (int) wrote);
    return wrote;
  }

  private void roll(long from) throws IOException {
    JournalSegment next = new JournalSegment(config.directory(), from);
    next.handle = config.files().open(next.path, FileLayer.Mode.CREATE);
    directoryDirty = true;
    active.end = from;
    active = next;
    synchronized (this) {
      JournalSegment[] longer = Arrays.copyOf(segments, segments.length + 1);
      longer[segments.length] = next;
      segments = longer;
    }
  }

  /** Writes a frame without records. */
  private void empty(int flags, long position, long syncedTo) throws IOException {
    JournalSegment segment = active;
    format.put(header, flags, 0, 0, epoch, position, syncedTo);
    pieces[0] = header;
    try {
      writeFully(segment, 1);
    } catch (DiskFullException e) {
      segment.handle().truncate(segment.bytes);
      throw e;
    }
    segment.bytes += FrameFormat.HEADER;
  }

  /** True when no frame says yet that the disk has everything up to {@code synced}. */
  boolean markDue(long synced) {
    return synced > markedTo;
  }

  /** Says in the file how far the disk is, so that later damage is not taken for a torn tail. */
  void mark(long position, long synced) throws IOException {
    if (!markDue(synced)) {
      return;
    }
    try {
      empty(FrameFormat.MARKER, position, synced);
    } catch (DiskFullException e) {
      LOG.debug("No space for a marker", e);
    }
    markedTo = synced;
  }

  /**
   * Notes the full disk; true when the reserve was given up and the write should be tried again.
   */
  private boolean becomeFull(DiskFullException cause) throws IOException {
    if (!full) {
      full = true;
      LOG.warn("Replies are held and writes refused until there is space: {}", cause.getMessage());
    }
    return reserve.release();
  }

  /** Ends the full state once the buffer is empty and the reserve is there again. */
  void restoreReserve(boolean drained) {
    if (!drained || !reserve.restore()) {
      return;
    }
    if (full) {
      full = false;
      LOG.info("The journal has space again");
    }
  }

  // --- Sync thread.

  /** Forces every segment that holds something below {@code target}. */
  void sync(long target) throws IOException {
    if (directoryDirty) {
      directoryDirty = false;
      config.files().syncDirectory(config.directory());
    }
    for (JournalSegment segment : segments) {
      FileHandle handle = segment.handle;
      if (handle == null || segment.first > target) {
        continue;
      }
      handle.sync();
      if (segment.end <= target) {
        segment.handle = null;
        handle.close();
      }
    }
  }

  // --- Checkpoint thread.

  void truncateBefore(long position, long synced, @Nullable Path archive) throws IOException {
    while (true) {
      JournalSegment oldest = leaving;
      if (oldest == null) {
        oldest = takeOldest(position, synced);
      }
      if (oldest == null) {
        return;
      }
      // Until it is gone for good no later one may go: there would be a gap behind it.
      leaving = oldest;
      if (archive != null) {
        // Its name in the archive is durable before the old one goes.
        config.files().link(oldest.path, archive.resolve(JournalSegment.name(oldest.first)));
        config.files().syncDirectory(archive);
      }
      config.files().delete(oldest.path);
      config.files().syncDirectory(config.directory());
      leaving = null;
      truncated = truncated + 1;
    }
  }

  /** Takes the oldest segment out of the list when all of it lies below a position. */
  private synchronized @Nullable JournalSegment takeOldest(long position, long synced) {
    // The first frame of the journal must be one that the disk has: a start relies on it.
    if (segments.length < 2
        || segments[1].first > position
        || segments[1].first >= synced
        || segments[0].handle != null) {
      return null;
    }
    JournalSegment oldest = segments[0];
    segments = Arrays.copyOfRange(segments, 1, segments.length);
    return oldest;
  }

  /** Segments deleted or archived since the start. */
  long truncated() {
    return truncated;
  }

  void close() throws IOException {
    for (JournalSegment segment : segments) {
      FileHandle handle = segment.handle;
      segment.handle = null;
      if (handle != null) {
        handle.close();
      }
    }
  }
}
