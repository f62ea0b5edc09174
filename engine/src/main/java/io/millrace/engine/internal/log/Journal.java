package io.millrace.engine.internal.log;

import java.io.IOException;
import java.util.function.Consumer;

/** Signatures; see package documentation. */
public final class Journal implements AutoCloseable {
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

  private Journal() {}

  /** Opens or creates. */
  public static Opened open(JournalConfig config, long checkpointPosition) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Appends; needs the execution lock. Returns the END position of the record. */
  public long append(RecordDraft draft, byte[] body, int off, int len) {
    throw new UnsupportedOperationException();
  }

  /** Whether a record of so many bytes fits the buffer; needs the execution lock. */
  public boolean hasRoom(int bytes) {
    throw new UnsupportedOperationException();
  }

  /** End position of what has been appended. */
  public long appended() {
    throw new UnsupportedOperationException();
  }

  /** Writes what is appended; false when another lane is at it (it then takes ours along). */
  public boolean write() {
    throw new UnsupportedOperationException();
  }

  /** Position up to which the kernel has it. */
  public long written() {
    throw new UnsupportedOperationException();
  }

  /** Position up to which the disk has it. */
  public long synced() {
    throw new UnsupportedOperationException();
  }

  /** Position up to which replies may leave. */
  public long released() {
    throw new UnsupportedOperationException();
  }

  /** Adds a listener. */
  public void onReleased(ReleaseListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Called exactly once, when the journal can never release anything again. */
  public void onFatal(Consumer<Throwable> listener) {
    throw new UnsupportedOperationException();
  }

  /** True while the disk is full: refuse new writes; turns false by itself. */
  public boolean full() {
    throw new UnsupportedOperationException();
  }

  /** Changes the mode (CONFIG SET appendfsync). */
  public void fsync(FsyncMode mode) {
    throw new UnsupportedOperationException();
  }

  /** One step of the sync thread, for those who opened without one; true if it forced something. */
  public boolean syncStep() {
    throw new UnsupportedOperationException();
  }

  /** Blocks until {@code position} is on disk. */
  public void syncThrough(long position) throws InterruptedException, IOException {
    throw new UnsupportedOperationException();
  }

  /** Deletes whole segments whose records all lie below {@code position}. */
  public void truncateBefore(long position) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Position of the oldest record kept. */
  public long start() {
    throw new UnsupportedOperationException();
  }

  /** Reads records from a position (a record's begin) up to what is written. */
  public JournalReader read(long fromPosition) {
    throw new UnsupportedOperationException();
  }

  /** Number of this start. */
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  /** Writes and forces the rest, and closes. */
  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException();
  }
}
