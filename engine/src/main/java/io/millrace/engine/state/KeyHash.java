package io.millrace.engine.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * 64-bit hash of key bytes: multiply-and-fold over 8-byte words. Fast on short keys, well mixed in
 * all bits; not cryptographic, so the seed of a data directory is random (FORMAT file).
 */
@HotPath(benchmark = "StoreBenchmark")
public final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long M1 = 0x9E3779B97F4A7C15L;
  private static final long M2 = 0xD6E8FEB86659FD93L;

  private KeyHash() {}

  /** Hash of {@code length} bytes from {@code offset}, under a seed. */
  public static long hash(byte[] bytes, int offset, int length, long seed) {
    long h = seed ^ (length * M1);
    int at = offset;
    int left = length;
    while (left > 8) {
      h = fold(h ^ (long) LONGS.get(bytes, at), M2);
      at += 8;
      left -= 8;
    }
    long tail;
    if (left == 8) {
      tail = (long) LONGS.get(bytes, at);
    } else if (left >= 4) {
      long low = (int) INTS.get(bytes, at) & 0xFFFFFFFFL;
      long high = (int) INTS.get(bytes, at + left - 4) & 0xFFFFFFFFL;
      tail = low | high << 32;
    } else {
      tail = 0;
      for (int i = 0; i < left; i++) {
        tail |= (bytes[at + i] & 0xFFL) << (8 * i);
      }
    }
    h = fold(h ^ tail, M2);
    return fold(h ^ M1, h | 1);
  }

  private static long fold(long a, long b) {
    return Math.multiplyHigh(a, b) ^ (a * b);
  }
}
