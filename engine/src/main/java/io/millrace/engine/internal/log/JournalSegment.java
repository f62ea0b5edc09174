package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.FileHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One file of the journal, named by the position of its first record. */
public final class JournalSegment {
  static final String SUFFIX = ".journal";

  /** Distance of two entries of the index from positions to bytes. */
  private static final long INDEX_STEP = 256 << 10;

  private static final int NAME_DIGITS = 20;

  /** Immutable once published: sorted positions and the file offsets of their frames. */
  private record Index(long[] positions, long[] offsets, int count) {}

  final long first;
  final Path path;

  /** For writing and forcing; null once sealed and synced. */
  volatile @Nullable FileHandle handle;

  /** Position behind the last record; only the newest segment is open. */
  volatile long end = Long.MAX_VALUE;

  /** Bytes of whole frames; changed under the write lock. */
  volatile long bytes;

  private volatile Index index = new Index(new long[8], new long[8], 0);

  JournalSegment(Path directory, long first) {
    this.first = first;
    this.path = directory.resolve(name(first));
  }

  public static String name(long first) {
    return String.format(Locale.ROOT, "%0" + NAME_DIGITS + "d", first) + SUFFIX;
  }

  /** First position of a segment's file name, or -1 when it is no such name. */
  public static long positionOf(String name) {
    if (name.length() != NAME_DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return -1;
    }
    try {
      return Long.parseLong(name.substring(0, NAME_DIGITS));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The handle of a segment that is being written. */
  FileHandle handle() {
    FileHandle open = handle;
    if (open == null) {
      throw new IllegalStateException("The segment is closed: file=" + path);
    }
    return open;
  }

  /** Notes that a frame for {@code position} begins at {@code offset}; under the write lock. */
  void note(long position, long offset) {
    Index now = index;
    int n = now.count;
    if (n > 0 && offset - now.offsets[n - 1] < INDEX_STEP) {
      return;
    }
    long[] positions = now.positions;
    long[] offsets = now.offsets;
    if (n == positions.length) {
      positions = Arrays.copyOf(positions, n * 2);
      offsets = Arrays.copyOf(offsets, n * 2);
    }
    positions[n] = position;
    offsets[n] = offset;
    index = new Index(positions, offsets, n + 1);
  }

  /** Offset of a frame at or before the one that holds {@code position}. */
  long floor(long position) {
    Index now = index;
    int at = Arrays.binarySearch(now.positions, 0, now.count, position);
    int place = at >= 0 ? at : -at - 2;
    // A marker may share its position with the frame behind it: the first of equals will do.
    while (place > 0 && now.positions[place] == position) {
      place--;
    }
    return place < 0 ? 0 : now.offsets[place];
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
