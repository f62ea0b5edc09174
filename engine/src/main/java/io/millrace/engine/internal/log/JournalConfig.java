package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.DiskFiles;
import io.millrace.engine.internal.file.FileLayer;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * How a journal is kept.
 *
 * @param directory where its segments are
 * @param files the file system
 * @param fsync when to force
 * @param segmentBytes size at which the next segment is begun
 * @param bufferBytes size of the buffer between executing and writing, a power of two
 * @param referenceBytes bodies of at least this size are not copied into the buffer; their array
 *     must not change until the record is written
 * @param reserveBytes disk space kept back for a full disk
 * @param salt id of the data directory; makes it impossible that bytes sent by a client look like a
 *     frame of this journal
 * @param nanoClock monotonic clock in nanoseconds
 * @param syncThread whether the journal forces by a thread of its own; without one somebody calls
 *     {@link Journal#syncStep}
 */
public record JournalConfig(
    Path directory,
    FileLayer files,
    FsyncMode fsync,
    long segmentBytes,
    int bufferBytes,
    int referenceBytes,
    long reserveBytes,
    long salt,
    LongSupplier nanoClock,
    boolean syncThread) {

  /** Checks the values. */
  public JournalConfig {
    if (segmentBytes < 1) {
      throw new IllegalArgumentException("segmentBytes must be positive: " + segmentBytes);
    }
    if (bufferBytes < 256 || bufferBytes > 1 << 28 || Integer.bitCount(bufferBytes) != 1) {
      throw new IllegalArgumentException(
          "bufferBytes must be a power of two between 256 and 256 MiB: " + bufferBytes);
    }
    if (referenceBytes < 1) {
      throw new IllegalArgumentException("referenceBytes must be positive: " + referenceBytes);
    }
    if (reserveBytes < 0) {
      throw new IllegalArgumentException("reserveBytes must not be negative: " + reserveBytes);
    }
  }

  /** The defaults, in a directory of the real file system. */
  public static JournalConfig in(Path directory) {
    return new JournalConfig(
        directory,
        new DiskFiles(),
        FsyncMode.EVERYSEC,
        64L << 20,
        8 << 20,
        32 << 10,
        16L << 20,
        0,
        System::nanoTime,
        true);
  }

  /** With another file system. */
  public JournalConfig files(FileLayer value) {
    return new JournalConfig(
        directory,
        value,
        fsync,
        segmentBytes,
        bufferBytes,
        referenceBytes,
        reserveBytes,
        salt,
        nanoClock,
        syncThread);
  }

  /** With another fsync mode. */
  public JournalConfig fsync(FsyncMode value) {
    return new JournalConfig(
        directory,
        files,
        value,
        segmentBytes,
        bufferBytes,
        referenceBytes,
        reserveBytes,
        salt,
        nanoClock,
        syncThread);
  }

  /** With another segment size. */
  public JournalConfig segmentBytes(long value) {
    return new JournalConfig(
        directory,
        files,
        fsync,
        value,
        bufferBytes,
        referenceBytes,
        reserveBytes,
        salt,
        nanoClock,
        syncThread);
  }

  /** With another buffer, and the size from which bodies are kept by reference. */
  public JournalConfig buffer(int bytes, int reference) {
    return new JournalConfig(
        directory,
        files,
        fsync,
        segmentBytes,
        bytes,
        reference,
        reserveBytes,
        salt,
        nanoClock,
        syncThread);
  }

  /** With another reserve for a full disk; 0 keeps none. */
  public JournalConfig reserveBytes(long value) {
    return new JournalConfig(
        directory,
        files,
        fsync,
        segmentBytes,
        bufferBytes,
        referenceBytes,
        value,
        salt,
        nanoClock,
        syncThread);
  }

  /** With the id of the data directory. */
  public JournalConfig salt(long value) {
    return new JournalConfig(
        directory,
        files,
        fsync,
        segmentBytes,
        bufferBytes,
        referenceBytes,
        reserveBytes,
        value,
        nanoClock,
        syncThread);
  }

  /** With another clock. */
  public JournalConfig nanoClock(LongSupplier value) {
    return new JournalConfig(
        directory,
        files,
        fsync,
        segmentBytes,
        bufferBytes,
        referenceBytes,
        reserveBytes,
        salt,
        value,
        syncThread);
  }

  /** Without a thread of its own: somebody calls {@link Journal#syncStep}. */
  public JournalConfig withoutThread() {
    return new JournalConfig(
        directory,
        files,
        fsync,
        segmentBytes,
        bufferBytes,
        referenceBytes,
        reserveBytes,
        salt,
        nanoClock,
        false);
  }
}
