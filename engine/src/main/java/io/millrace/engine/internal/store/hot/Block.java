package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Layout of one entry inside a slab:
 *
 * <pre>
 *  0 generation of the last change (0: the block is free)
 *  4 access clock
 *  8 value length
 * 12 key length (22 bits), flags (4), kind (6)
 * 16 owner: number of the table the entry belongs to
 * 20 deadline (8 bytes, only with EXPIRES)
 *    key, value, slack
 * </pre>
 */
@HotPath(benchmark = "StoreBenchmark")
public final class Block {
  public static final int HEADER = 20;
  static final int MAX_KEY = (1 << 22) - 1;

  static final int EXPIRES = 1 << 22;

  /** The key is known to be absent; RocksDB or a view may hold an older version. */
  public static final int TOMBSTONE = 1 << 23;

  /** RocksDB may hold a version of this key. */
  static final int COLD = 1 << 24;

  /** Found since the eviction hand last passed. */
  static final int REFERENCED = 1 << 25;

  static final int KIND_SHIFT = 26;

  private static final int CLOCK = 4;
  private static final int VALUE_LENGTH = 8;
  private static final int META = 12;
  private static final int OWNER = 16;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Block() {}

  public static int gen(byte[] a, int b) {
    return (int) INTS.get(a, b);
  }

  static void gen(byte[] a, int b, int generation) {
    INTS.set(a, b, generation);
  }

  static int clock(byte[] a, int b) {
    return (int) INTS.get(a, b + CLOCK);
  }

  static void clock(byte[] a, int b, int clock) {
    INTS.set(a, b + CLOCK, clock);
  }

  static int valueLength(byte[] a, int b) {
    return (int) INTS.get(a, b + VALUE_LENGTH);
  }

  static void valueLength(byte[] a, int b, int length) {
    INTS.set(a, b + VALUE_LENGTH, length);
  }

  public static int meta(byte[] a, int b) {
    return (int) INTS.get(a, b + META);
  }

  static void meta(byte[] a, int b, int meta) {
    INTS.set(a, b + META, meta);
  }

  public static int owner(byte[] a, int b) {
    return (int) INTS.get(a, b + OWNER);
  }

  static void owner(byte[] a, int b, int owner) {
    INTS.set(a, b + OWNER, owner);
  }

  public static int keyLength(int meta) {
    return meta & MAX_KEY;
  }

  static int kind(int meta) {
    return meta >>> KIND_SHIFT;
  }

  /** Distance from the block's start to its key. */
  public static int keyAt(int meta) {
    return (meta & EXPIRES) == 0 ? HEADER : HEADER + 8;
  }

  static long expireAt(byte[] a, int b, int meta) {
    return (meta & EXPIRES) == 0 ? 0 : (long) LONGS.get(a, b + HEADER);
  }

  static void expireAt(byte[] a, int b, long expireAtMs) {
    LONGS.set(a, b + HEADER, expireAtMs);
  }

  /** Bytes in use: header, deadline, key and value. */
  public static int size(byte[] a, int b) {
    int meta = meta(a, b);
    return keyAt(meta) + keyLength(meta) + valueLength(a, b);
  }

  public static long hash(byte[] a, int b, long seed) {
    int meta = meta(a, b);
    return KeyHash.hash(a, b + keyAt(meta), keyLength(meta), seed);
  }

  static boolean keyEquals(byte[] a, int b, byte[] key, int keyOffset, int keyLength) {
    int meta = meta(a, b);
    if (keyLength(meta) != keyLength) {
      return false;
    }
    int at = b + keyAt(meta);
    int i = 0;
    for (; i + 8 <= keyLength; i += 8) {
      if ((long) LONGS.get(a, at + i) != (long) LONGS.get(key, keyOffset + i)) {
        return false;
      }
    }
    for (; i < keyLength; i++) {
      if (a[at + i] != key[keyOffset + i]) {
        return false;
      }
    }
    return true;
  }

  /** Points a Ref at the entry of a handle. */
  static void fill(Ref out, int space, long hash, int handle, byte[] a, int b, int meta) {
    int keyLength = keyLength(meta);
    int keyAt = b + keyAt(meta);
    out.array = a;
    out.keyOffset = keyAt;
    out.keyLength = keyLength;
    out.offset = keyAt + keyLength;
    out.length = valueLength(a, b);
    out.kind = kind(meta);
    out.expireAtMs = expireAt(a, b, meta);
    out.space = space;
    out.hash = hash;
    out.handle = handle;
  }

  /** Points a Ref at a copy of a block that is nobody else's. */
  public static void fill(Ref out, int space, long hash, byte[] block) {
    fill(out, space, hash, 0, block, 0, meta(block, 0));
  }

  /** What the allocator keeps in a free block: the next free slot, and the list it is still on. */
  static void markFree(byte[] a, int b, int nextFree) {
    INTS.set(a, b + VALUE_LENGTH, (int) INTS.get(a, b));
    INTS.set(a, b, 0);
    INTS.set(a, b + CLOCK, nextFree);
  }

  static int nextFree(byte[] a, int b) {
    return (int) INTS.get(a, b + CLOCK);
  }

  /** Generation whose change list already names this block, valid until the block is filled. */
  static int listedGeneration(byte[] a, int b) {
    return (int) INTS.get(a, b + VALUE_LENGTH);
  }
}
