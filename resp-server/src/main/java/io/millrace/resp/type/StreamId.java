package io.millrace.resp.type;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Id of a stream entry: two unsigned 64-bit numbers.
 *
 * @param ms milliseconds since the epoch
 * @param seq number within the millisecond
 */
public record StreamId(long ms, long seq) implements Comparable<StreamId> {
  /** Bytes of an id, in order. */
  public static final int BYTES = 16;

  /** The lowest id. */
  public static final StreamId MIN = new StreamId(0, 0);

  /** The highest id. */
  public static final StreamId MAX = new StreamId(-1, -1);

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Reads an id. */
  public static StreamId read(byte[] array, int offset) {
    return new StreamId((long) LONGS.get(array, offset), (long) LONGS.get(array, offset + 8));
  }

  /** Writes this id. */
  public void write(byte[] array, int offset) {
    LONGS.set(array, offset, ms);
    LONGS.set(array, offset + 8, seq);
  }

  /** This id as bytes whose order is the order of ids. */
  public byte[] bytes() {
    var bytes = new byte[BYTES];
    write(bytes, 0);
    return bytes;
  }

  /** The id after this one, or null after the highest. */
  public @Nullable StreamId next() {
    if (seq != -1) {
      return new StreamId(ms, seq + 1);
    }
    return ms == -1 ? null : new StreamId(ms + 1, 0);
  }

  /** The id before this one, or null before the lowest. */
  public @Nullable StreamId previous() {
    if (seq != 0) {
      return new StreamId(ms, seq - 1);
    }
    return ms == 0 ? null : new StreamId(ms - 1, -1);
  }

  @Override
  public int compareTo(StreamId other) {
    int byMs = Long.compareUnsigned(ms, other.ms);
    return byMs != 0 ? byMs : Long.compareUnsigned(seq, other.seq);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(ms) + "-" + Long.toUnsignedString(seq);
  }

  /** The text of this id. */
  public byte[] text() {
    return toString().getBytes(StandardCharsets.US_ASCII);
  }
}
