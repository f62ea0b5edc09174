package io.millrace.engine.internal.store.cold;

import io.millrace.engine.state.SpaceOrder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes of the cold tier. Key: task (2), space (4), for spaces ordered by hash the hash (8), key
 * bytes; all big-endian, so RocksDB's order is the scan order. Value: format version, kind with the
 * top bit for "has a deadline", deadline (8), value bytes.
 */
public final class ColdKeys {
  static final int VALUE_VERSION = 1;
  static final int PREFIX = 6;
  static final int HAS_DEADLINE = 0x80;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private ColdKeys() {}

  /** Length of everything before the key bytes. */
  static int prefixLength(SpaceOrder order) {
    return order == SpaceOrder.HASH ? PREFIX + 8 : PREFIX;
  }

  /** Writes the prefix of an entry's key and returns the index behind it. */
  static int putPrefix(byte[] to, int at, int task, Space space, long hash) {
    SHORTS.set(to, at, (short) task);
    INTS.set(to, at + 2, space.id);
    if (space.order == SpaceOrder.HASH) {
      LONGS.set(to, at + PREFIX, hash);
      return at + PREFIX + 8;
    }
    return at + PREFIX;
  }

  /** The whole key of an entry. */
  public static byte[] key(int task, Space space, long hash, byte[] key, int offset, int length) {
    byte[] bytes = new byte[prefixLength(space.order) + length];
    int at = putPrefix(bytes, 0, task, space, hash);
    System.arraycopy(key, offset, bytes, at, length);
    return bytes;
  }

  /** First key of a space on a task, or with {@code space + 1} the first behind it. */
  public static byte[] bound(int task, long space) {
    byte[] bytes = new byte[PREFIX];
    long number = ((long) task << 32) + space;
    SHORTS.set(bytes, 0, (short) (number >>> 32));
    INTS.set(bytes, 2, (int) number);
    return bytes;
  }

  static int task(byte[] key) {
    return (short) SHORTS.get(key, 0) & 0xFFFF;
  }

  static int space(byte[] key) {
    return (int) INTS.get(key, 2);
  }

  static long hash(byte[] key) {
    return (long) LONGS.get(key, PREFIX);
  }

  public static long deadline(byte[] value) {
    return hasDeadline(value) ? (long) LONGS.get(value, 2) : 0;
  }

  static void putDeadline(byte[] to, int at, long deadline) {
    LONGS.set(to, at, deadline);
  }

  public static boolean hasDeadline(byte[] value) {
    return (value[1] & HAS_DEADLINE) != 0;
  }

  public static int kind(byte[] value) {
    return value[1] & 0x3F;
  }

  /** Index of the first value byte. */
  public static int valueAt(byte[] value) {
    return hasDeadline(value) ? 10 : 2;
  }
}
