package io.millrace.resp.type;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.tree.Cursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A key of one of the two trees of a sorted set, made in an array that is reused. A key of the
 * order tree is the score, as bits whose unsigned order is its own, and the member; one of the
 * member tree is 32 bits of the member's hash, and the member.
 *
 * <p>Values: the member tree has the score; the order tree has one byte for a negative zero, which
 * is in the place of zero, and none otherwise.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class ZSetKey {
  /** Bytes of an order key in front of the member: the score. */
  public static final int SCORE = 8;

  /** Bytes of a member tree's key in front of the member: its hash. */
  public static final int HASH = 4;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[80];

  ZSetKey() {}

  /** The array the key made last begins in. */
  byte[] bytes() {
    return bytes;
  }

  /** Makes the member tree's key of a member; answers its length. */
  int ofMember(byte[] array, int offset, int length, long seed) {
    int size = behind(HASH, array, offset, length);
    INTS.set(bytes, 0, (int) (KeyHash.hash(array, offset, length, seed) >>> 32));
    return size;
  }

  /** Makes the order tree's key of a member with a score; answers its length. */
  int ofOrder(double score, byte[] array, int offset, int length) {
    int size = behind(SCORE, array, offset, length);
    LONGS.set(bytes, 0, sortable(score));
    return size;
  }

  private int behind(int head, byte[] array, int offset, int length) {
    int size = head + length;
    if (bytes.length < size) {
      bytes = new byte[Math.max(size, 2 * bytes.length)];
    }
    System.arraycopy(array, offset, bytes, head, length);
    return size;
  }

  /** Makes what is in front of all order keys of a score, or behind them; answers its length. */
  int ofBound(double score, boolean behind) {
    LONGS.set(bytes, 0, sortable(score) + (behind ? 1 : 0));
    return SCORE;
  }

  /** Bits whose unsigned order is the order of the scores; both zeros are equal. */
  private static long sortable(double score) {
    long bits = Double.doubleToRawLongBits(score == 0 ? 0.0 : score);
    return bits ^ (bits >> 63 | Long.MIN_VALUE);
  }

  /** Writes the value the member tree has for a score. */
  static void writeScore(byte[] to, double score) {
    LONGS.set(to, 0, Double.doubleToRawLongBits(score));
  }

  /** Score in a value of the member tree. */
  static double readScore(byte[] array, int offset) {
    return Double.longBitsToDouble((long) LONGS.get(array, offset));
  }

  /** Score in a key of the order tree, whose value has some length. */
  static double score(byte[] array, int offset, int valueLength) {
    if (valueLength > 0) {
      return -0.0;
    }
    long bits = (long) LONGS.get(array, offset);
    return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
  }

  /** Score of the element of an order tree a cursor is on. */
  public static double score(Cursor cursor) {
    return score(cursor.array(), cursor.keyOffset(), cursor.valueLength());
  }

  /** Score of the element of a member tree a cursor is on. */
  public static double memberScore(Cursor cursor) {
    return readScore(cursor.array(), cursor.valueOffset());
  }

  /** Start of the member of the element of an order tree a cursor is on. */
  public static int offset(Cursor cursor) {
    return cursor.keyOffset() + SCORE;
  }

  /** Length of the member of the element of an order tree a cursor is on. */
  public static int length(Cursor cursor) {
    return cursor.keyLength() - SCORE;
  }
}
