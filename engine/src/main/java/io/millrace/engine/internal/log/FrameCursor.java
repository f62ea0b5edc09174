package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.file.FileLayer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads the frames of one segment through a buffer, verifying each. Not thread-safe. */
final class FrameCursor implements Closeable {
  private static final int BLOCK = 256 << 10;

  /** A buffer above this size is not kept for small frames. */
  private static final int KEPT = 2 << 20;

  private static final byte[] NOTHING = new byte[0];

  private final FrameFormat format;
  private final String file;
  private final FileHandle handle;
  private byte[] buffer = new byte[0];
  private long bufferedAt;
  private int buffered;
  private int headerAt;
  private int length;

  private FrameCursor(FrameFormat format, String file, FileHandle handle) {
    this.format = format;
    this.file = file;
    this.handle = handle;
  }

  static FrameCursor open(FileLayer files, Path path, long salt) throws IOException {
    return new FrameCursor(
        new FrameFormat(salt), path.toString(), files.open(path, FileLayer.Mode.READ));
  }

  long size() throws IOException {
    return handle.size();
  }

  /** Forgets what is buffered, because the file has grown since. */
  void refresh() {
    buffered = 0;
  }

  /**
   * Loads the frame at {@code at}.
   *
   * @return false when there is no intact frame
   * @throws NewerFormatException when there is an intact one of a newer version
   */
  boolean load(long at) throws IOException {
    if (!ensure(at, FrameFormat.HEADER) || !format.intactHeader(buffer, (int) (at - bufferedAt))) {
      return false;
    }
    int header = (int) (at - bufferedAt);
    int version = FrameFormat.shortAt(buffer, header + 8);
    if (version > FrameFormat.VERSION) {
      throw new NewerFormatException(file, version, FrameFormat.VERSION);
    }
    int size = FrameFormat.intAt(buffer, header + 12);
    if (version < 1 || size < 0 || !ensure(at, FrameFormat.HEADER + (long) size)) {
      return false;
    }
    header = (int) (at - bufferedAt);
    int crc = FrameFormat.intAt(buffer, header + 16);
    if (crc != format.recordsCrc(buffer, header + FrameFormat.HEADER, size)) {
      return false;
    }
    headerAt = header;
    length = size;
    return true;
  }

  /** Offset of the next intact frame at or after {@code from}, loaded; -1 when there is none. */
  long find(long from) throws IOException {
    long at = from;
    while (ensure(at, FrameFormat.HEADER)) {
      int first = (int) (at - bufferedAt);
      int last = buffered - FrameFormat.HEADER;
      for (int i = first; i <= last; i++) {
        if (buffer[i] == (byte) (FrameFormat.MAGIC >>> 24) && format.intactHeader(buffer, i)) {
          long found = bufferedAt + i;
          if (load(found)) {
            return found;
          }
          // Loading may have moved the buffer: go on from here with what it holds now.
          i = (int) (found - bufferedAt);
          last = buffered - FrameFormat.HEADER;
        }
      }
      at = Math.max(bufferedAt + last + 1, at + 1);
    }
    return -1;
  }

  private boolean ensure(long at, long count) throws IOException {
    if (at >= bufferedAt && at + count <= bufferedAt + buffered) {
      return true;
    }
    long rest = handle.size() - at;
    if (at < 0 || count > rest || count > Integer.MAX_VALUE - 16) {
      return false;
    }
    int want = (int) Math.min(rest, Math.max(count, BLOCK));
    if (buffer.length < want || buffer.length > KEPT && want <= BLOCK) {
      // The old one goes first: both may be large. What it held is read again.
      buffered = 0;
      buffer = NOTHING;
      buffer = new byte[want];
    }
    ByteBuffer target = ByteBuffer.wrap(buffer, 0, want);
    bufferedAt = at;
    buffered = 0;
    while (target.position() < want) {
      // The JDK reads into direct memory of the same size first.
      target.limit(Math.min(want, target.position() + BLOCK));
      if (handle.read(target, at + target.position()) < 0) {
        break;
      }
    }
    buffered = target.position();
    return buffered >= count;
  }

  /** Bytes of the loaded frame, header included. */
  long frameBytes() {
    return FrameFormat.HEADER + (long) length;
  }

  /** The array that holds the records of the loaded frame. */
  byte[] bytes() {
    return buffer;
  }

  int recordsFrom() {
    return headerAt + FrameFormat.HEADER;
  }

  int recordsTo() {
    return headerAt + FrameFormat.HEADER + length;
  }

  int length() {
    return length;
  }

  long epoch() {
    return FrameFormat.longAt(buffer, headerAt + 20);
  }

  long position() {
    return FrameFormat.longAt(buffer, headerAt + 28);
  }

  long syncedTo() {
    return FrameFormat.longAt(buffer, headerAt + 36);
  }

  String file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    handle.close();
  }
}
