package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.state.HotPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's one write-ahead log: what is in it has happened.
 *
 * <p><b>Positions</b> count record bytes only, so the position of a record is known the moment it
 * is appended. Four of them move up in this order:
 *
 * <ol>
 *   <li>{@link #appended}: in the buffer. Appending needs the execution lock.
 *   <li>{@link #written}: the kernel has it. Any lane calls {@link #write} outside the lock; one of
 *       them writes everything appended so far as one frame, the others go on.
 *   <li>{@link #synced}: the disk has it. Only the sync thread forces; a lane never waits for it.
 *   <li>{@link #released}: replies may leave. Equal to written, or to synced with {@link
 *       FsyncMode#ALWAYS}; held back with {@link FsyncMode#EVERYSEC} while the oldest unsynced byte
 *       is older than a second.
 * </ol>
 *
 * <p>A reply that leaves asks {@link #leaving} at that moment: it is <em>released</em>, but falls
 * back to <em>synced</em> while the disk stalls, so that a lane that comes late tells nothing more.
 *
 * <p><b>Failure.</b> A full disk keeps the buffer, holds releases and is tried again. Any other
 * failed write and every failed force is final: nothing is ever released again, because what the
 * disk holds is unknown, and a second force would report success for pages that were lost.
 */
@HotPath(benchmark = "JournalBenchmark")
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** With everysec, replies are held once the oldest unsynced byte is older than this. */
  private static final long MAX_UNSYNCED_NANOS = 1_000_000_000L;

  /** Told when {@link #released} has advanced, by the writing lane or the sync thread. */
  @FunctionalInterface
  public interface ReleaseListener {
    /** Replies up to {@code position} may leave. May run on several threads at once. */
    void released(long position);
  }

  /**
   * What opening found.
   *
   * @param journal the open journal
   * @param start position of the oldest record kept
   * @param end position behind the newest record
   * @param cutBytes bytes of an unacknowledged tail that were cut, 0 for none
   */
  public record Opened(Journal journal, long start, long end, long cutBytes) {}

  private final JournalConfig config;
  private final JournalBuffer buffer;
  private final SegmentWriter writer;
  private final JournalSync sync;
  private final AtomicBoolean writeLock = new AtomicBoolean();
  private final AtomicLong released;
  private final List<ReleaseListener> releaseListeners = new CopyOnWriteArrayList<>();
  private final Object failureLock = new Object();
  private final List<Consumer<Throwable>> fatalListeners = new CopyOnWriteArrayList<>();

  /** A lane found the write lock taken: its holder looks at the buffer once more. */
  private volatile boolean contended;

  private volatile long written;
  private volatile long synced;
  private volatile FsyncMode mode;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private volatile LongPredicate roomForReserve = bytes -> true;

  private Journal(JournalConfig config, SegmentWriter writer, long end) {
    this.config = config;
    this.writer = writer;
    buffer = new JournalBuffer(config.bufferBytes(), config.referenceBytes(), end);
    written = end;
    synced = end;
    released = new AtomicLong(end);
    mode = config.fsync();
    sync = new JournalSync(this, config);
  }

  /**
   * Opens or creates the journal of a directory.
   *
   * @param checkpointPosition position the state on disk was folded up to; 0 without a checkpoint
   * @throws DamageException when bytes that were on disk are wrong or missing
   * @throws NewerFormatException when a newer version wrote it
   */
  public static Opened open(JournalConfig config, long checkpointPosition) throws IOException {
    config.files().createDirectories(config.directory());
    JournalScan scan =
        new JournalScan(config.files(), config.directory(), config.salt(), checkpointPosition)
            .run();
    SegmentWriter writer = SegmentWriter.start(config, scan);
    if (scan.cutBytes > 0) {
      LOG.warn(
          "Cut {} bytes of an unacknowledged tail of the journal at position {}",
          scan.cutBytes,
          scan.end);
    }
    Journal journal = new Journal(config, writer, scan.end);
    journal.sync.start();
    return new Opened(journal, writer.start(), scan.end, scan.cutBytes);
  }

  // --- Under the execution lock.

  /**
   * Appends a record. Bodies of at least {@link JournalConfig#referenceBytes} are kept by reference
   * until they are written. Never waits and never fails for lack of room: {@link #hasRoom} is the
   * brake, to be asked before executing.
   *
   * @return the position behind the record: what a reply must wait for
   */
  public long append(RecordDraft draft, byte[] body, int off, int len) {
    return buffer.append(draft, body, off, len);
  }

  /** Whether the buffer takes records of so many bytes; if not, let go, write and come back. */
  public boolean hasRoom(int bytes) {
    return buffer.hasRoom(bytes);
  }

  // --- Any thread, any time.

  /** Position behind the newest record appended. */
  public long appended() {
    return buffer.appended();
  }

  /** Position up to which the kernel has the journal. */
  public long written() {
    return written;
  }

  /** Position up to which the disk has the journal. */
  public long synced() {
    return synced;
  }

  /** Position up to which replies may leave. */
  public long released() {
    return released.get();
  }

  /**
   * Position up to which replies may leave now: {@link #released}, but no more than {@link #synced}
   * with {@link FsyncMode#ALWAYS}, whatever another mode has released before, and with {@link
   * FsyncMode#EVERYSEC} while the oldest unsynced byte is older than a second. Unlike the others it
   * may go back.
   */
  public long leaving() {
    long position = released.get();
    long disk = synced;
    return position <= disk || !onlySynced() ? position : disk;
  }

  private boolean onlySynced() {
    return switch (mode) {
      case ALWAYS -> true;
      case NO -> false;
      case EVERYSEC -> tooOld();
    };
  }

  /** Number of this start of the node. */
  public long epoch() {
    return writer.epoch();
  }

  /** Position of the oldest record kept. */
  public long start() {
    return writer.start();
  }

  /** True while the disk is full: new writes must be refused. Turns false by itself. */
  public boolean full() {
    return writer.full();
  }

  /** The failure after which nothing is released any more, or null. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Bytes of all segments. */
  public long bytes() {
    return writer.totalBytes();
  }

  /** Number of segments. */
  public int segments() {
    return writer.segments().length;
  }

  /** Number of times the disk was forced. */
  public long syncs() {
    return sync.count();
  }

  /** The mode in force. */
  public FsyncMode fsync() {
    return mode;
  }

  /** Changes the mode from the next release on. */
  public void fsync(FsyncMode next) {
    mode = next;
    sync.wake();
    advanceReleased();
    tellLeaving();
  }

  /** Adds a listener; it must not block. */
  public void onReleased(ReleaseListener listener) {
    releaseListeners.add(listener);
  }

  /** The listener is called exactly once if the journal can never release anything again. */
  public void onFatal(Consumer<Throwable> listener) {
    Throwable already;
    synchronized (failureLock) {
      already = failure;
      if (already == null) {
        fatalListeners.add(listener);
      }
    }
    if (already != null) {
      listener.accept(already);
    }
  }

  /**
   * Writes everything appended so far, unless another thread is writing: that one then takes ours
   * along before it stops.
   *
   * @return true when this call wrote or there was nothing to write
   */
  public boolean write() {
    while (failure == null && !closed && buffer.appended() != written) {
      if (!lock()) {
        return false;
      }
      try {
        contended = false;
        writePrefix();
      } finally {
        writeLock.set(false);
      }
      advanceReleased();
      if (!contended) {
        return true;
      }
    }
    return true;
  }

  private boolean lock() {
    if (writeLock.compareAndSet(false, true)) {
      return true;
    }
    // Whoever holds the lock looks at this flag after letting go, so either it sees ours or we
    // get the lock now. Both letting go and looking must be volatile for that.
    contended = true;
    return writeLock.compareAndSet(false, true);
  }

  private void writePrefix() {
    long to = buffer.appended();
    long now = config.nanoClock().getAsLong();
    try {
      while (written < to) {
        long next = writer.write(buffer, written, to, synced, now);
        if (next == written) {
          return;
        }
        written = next;
        buffer.drained(next);
        sync.wrote(now);
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Writes a frame that only says how far the disk is; nobody waits for it. */
  void mark() {
    if (failure != null || closed || !writeLock.compareAndSet(false, true)) {
      return;
    }
    try {
      if (buffer.appended() == written && !writer.full()) {
        writer.mark(written, synced);
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    } finally {
      writeLock.set(false);
    }
    if (contended) {
      write();
    }
  }

  /** Tries to end a full disk: writes what waits, and takes the reserve back. */
  public void retryFull() {
    write();
    if (failure == null && !closed) {
      writer.restoreReserve(
          buffer.appended() == written
              && (writer.reserveHeld() || roomForReserve.test(config.reserveBytes())));
    }
  }

  /** Whether the space kept back for a full disk is there, or none is wanted. */
  public boolean reserveHeld() {
    return writer.reserveHeld();
  }

  /** Asks before that space is taken: others may need it more. */
  public void roomForReserve(LongPredicate asked) {
    roomForReserve = asked;
  }

  /** Called by the sync after the disk has everything up to {@code position}. */
  void advanceSynced(long position) {
    if (position > synced) {
      synced = position;
    }
    if (!advanceReleased()) {
      tellLeaving();
    }
  }

  /** Wakes those whose replies were released once and then held until the disk has them. */
  private void tellLeaving() {
    if (failure == null) {
      long position = leaving();
      for (ReleaseListener listener : releaseListeners) {
        listener.released(position);
      }
    }
  }

  /** True when it has moved and those who wait were told. */
  private boolean advanceReleased() {
    if (failure != null) {
      return false;
    }
    // Before the clock is looked at: what others write after that has an age of its own.
    long kernel = written;
    long target = onlySynced() ? synced : kernel;
    long before = released.get();
    while (target > before) {
      if (released.compareAndSet(before, target)) {
        for (ReleaseListener listener : releaseListeners) {
          listener.released(target);
        }
        return true;
      }
      before = released.get();
    }
    return false;
  }

  private boolean tooOld() {
    return sync.oldestUnsyncedAge(config.nanoClock().getAsLong()) > MAX_UNSYNCED_NANOS;
  }

  /** Ends all releasing; only the first failure counts. */
  void fail(Throwable cause) {
    synchronized (failureLock) {
      if (failure != null) {
        return;
      }
      failure = cause;
    }
    for (Consumer<Throwable> listener : fatalListeners) {
      listener.accept(cause);
    }
    sync.wake();
  }

  /** Whether the sync thread has nothing left to do. */
  boolean stopped() {
    return closed || failure != null;
  }

  SegmentWriter writer() {
    return writer;
  }

  /**
   * One step of what the sync thread does, for those who opened without it: forces what is written,
   * whatever the mode. True if there was something to force.
   */
  public boolean syncStep() {
    return sync.step();
  }

  /** Blocks until {@code position} is written and forced; for checkpoints, never for lanes. */
  public void syncThrough(long position) throws IOException, InterruptedException {
    sync.through(position);
  }

  /**
   * Deletes whole segments whose records all lie below {@code position}, oldest first. Each
   * deletion is durable before the next, so that a power cut never leaves a gap.
   */
  public void truncateBefore(long position) throws IOException {
    truncateBefore(position, null);
  }

  /**
   * Lets go of whole segments whose records all lie below {@code position}, oldest first.
   *
   * @param archive directory they are kept in, on the same file system; null deletes them
   */
  public void truncateBefore(long position, @Nullable Path archive) throws IOException {
    writer.truncateBefore(position, synced, archive);
  }

  /** Segments that were deleted or archived since the start. */
  public long truncatedSegments() {
    return writer.truncated();
  }

  /**
   * Reads from a position, which must be the begin of a record or the end, up to what is written.
   *
   * @throws PositionGoneException when it has been truncated away
   */
  public JournalReader read(long fromPosition) {
    return new JournalReader(this, config, fromPosition);
  }

  /**
   * Ends as a killed process would: nothing more is written or forced, files are let go. What was
   * written before stays with the file system.
   */
  public void abandon() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    sync.stop();
    writer.close();
  }

  /** Writes and forces the rest, notes that all is on disk, and closes. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    sync.stop();
    Throwable failed = failure;
    if (failed == null) {
      write();
      if (buffer.appended() == written) {
        sync.step();
        mark();
        sync.force();
      }
      failed = failure;
    }
    closed = true;
    long lost = buffer.appended() - written;
    writer.close();
    if (failed != null) {
      throw new IOException("The journal had failed before it was closed", failed);
    }
    if (lost > 0) {
      throw new DiskFullException("The disk is full, not written: bytes=" + lost);
    }
  }
}
