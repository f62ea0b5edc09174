package io.millrace.engine.internal.log;

import io.millrace.engine.state.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes between executing and writing. One appender at a time (it holds the execution lock) and
 * one drainer at a time (it holds the write lock) work side by side.
 *
 * <p>A journal position is also a place in the ring ({@code position & mask}). A large body is kept
 * as a reference and takes its share of positions but no bytes of the ring, so one number says both
 * how far the log and how far the buffer is. A record that finds no room in the ring is kept as a
 * reference as a whole: appending never fails and never waits, {@link #hasRoom} is the brake.
 */
@HotPath(benchmark = "JournalBenchmark")
final class JournalBuffer {
  /** Pieces of one frame: the header, and at most this many slices of the ring and references. */
  static final int MAX_PIECES = 64;

  /** A frame that has a reference in it is closed once it has this size. */
  private static final int FRAME_TARGET = 1 << 20;

  private static final VarHandle APPENDED;
  private static final VarHandle DRAINED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      APPENDED = lookup.findVarHandle(JournalBuffer.class, "appended", long.class);
      DRAINED = lookup.findVarHandle(JournalBuffer.class, "drained", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A body, or a whole record, that is not in the ring. */
  private static final class Reference {
    static final byte[] NOTHING = new byte[0];

    final long position;
    byte[] bytes;
    final int offset;
    final int length;
    volatile @Nullable Reference next;

    Reference(long position, byte[] bytes, int offset, int length) {
      this.position = position;
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
    }
  }

  private final ByteBuffer ring;
  private final int capacity;
  private final int mask;
  private final int referenceBytes;
  private final RecordWriter writer = new RecordWriter();
  private final ByteBuffer[] slices = new ByteBuffer[MAX_PIECES];

  @SuppressWarnings("UnusedVariable") // through APPENDED
  private long appended;

  @SuppressWarnings("UnusedVariable") // through DRAINED
  private long drained;

  /** Newest reference (appender) and the last one already drained (drainer). */
  private Reference newest;

  private Reference oldest;

  JournalBuffer(int capacity, int referenceBytes, long position) {
    this.capacity = capacity;
    this.mask = capacity - 1;
    this.referenceBytes = referenceBytes;
    ring = ByteBuffer.allocateDirect(capacity);
    for (int i = 0; i < MAX_PIECES; i++) {
      slices[i] = ring.duplicate();
    }
    newest = new Reference(-1, Reference.NOTHING, 0, 0);
    oldest = newest;
    appended = position;
    drained = position;
  }

  boolean hasRoom(int bytes) {
    long used = (long) APPENDED.getAcquire(this) - (long) DRAINED.getAcquire(this);
    return used == 0 || used + Math.min(bytes, referenceBytes) <= capacity;
  }

  long appended() {
    return (long) APPENDED.getVolatile(this);
  }

  /** Appends and publishes; returns the position behind the record. */
  long append(RecordDraft draft, byte[] body, int off, int len) {
    writer.encode(draft, len);
    int header = writer.length();
    long at = appended;
    boolean byReference = len >= referenceBytes;
    int inline = byReference ? header : header + len;
    if (at + inline - (long) DRAINED.getAcquire(this) > capacity) {
      spill(at, header, body, off, len);
    } else {
      copy(at, writer.bytes(), writer.start(), header);
      if (byReference) {
        reference(at + header, body, off, len);
      } else {
        copy(at + header, body, off, len);
      }
    }
    long end = at + header + len;
    APPENDED.setVolatile(this, end);
    return end;
  }

  private void copy(long position, byte[] source, int off, int len) {
    int at = (int) position & mask;
    int first = Math.min(len, capacity - at);
    ring.put(at, source, off, first);
    if (first < len) {
      ring.put(0, source, off + first, len - first);
    }
  }

  private void spill(long at, int header, byte[] body, int off, int len) {
    byte[] whole = new byte[header + len];
    System.arraycopy(writer.bytes(), writer.start(), whole, 0, header);
    System.arraycopy(body, off, whole, header, len);
    reference(at, whole, 0, whole.length);
  }

  private void reference(long position, byte[] bytes, int off, int len) {
    Reference added = new Reference(position, bytes, off, len);
    newest.next = added;
    newest = added;
  }

  /**
   * Collects the next frame of what stands between {@code from} and {@code to}, both ends of
   * records, into {@code pieces} from index 1 on; index 0 is left for the header.
   *
   * @return number of pieces, the header included
   */
  int collect(long from, long to, ByteBuffer[] pieces) {
    int count = 1;
    long at = from;
    Reference next = oldest.next;
    while (at < to && count < MAX_PIECES - 3) {
      long inlineEnd = next == null || next.position >= to ? to : next.position;
      count = slice(at, inlineEnd, pieces, count);
      at = inlineEnd;
      if (next != null && at == next.position && at < to) {
        pieces[count++] = ByteBuffer.wrap(next.bytes, next.offset, next.length);
        at += next.length;
        next = next.next;
        if (at - from >= FRAME_TARGET) {
          break;
        }
      }
    }
    return count;
  }

  private int slice(long from, long to, ByteBuffer[] pieces, int count) {
    int n = count;
    long at = from;
    while (at < to) {
      int start = (int) at & mask;
      int length = (int) Math.min(to - at, capacity - start);
      ByteBuffer piece = slices[n];
      piece.limit(start + length).position(start);
      pieces[n++] = piece;
      at += length;
    }
    return n;
  }

  /** The bytes below {@code position} are written: their room is free again. */
  void drained(long position) {
    Reference next = oldest.next;
    while (next != null && next.position < position) {
      oldest = next;
      next.bytes = Reference.NOTHING;
      next = next.next;
    }
    DRAINED.setRelease(this, position);
  }
}
