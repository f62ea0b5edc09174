package io.millrace.engine.tree;

import io.millrace.engine.state.HotPath;

/**
 * The partition function: Redis Cluster's slot of a key (CRC16-XMODEM of the hash tag, modulo
 * 16384) and the contiguous power-of-two split of slots over tasks.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class Slots {
  /** Number of slots. */
  public static final int COUNT = 16384;

  /** Name of this function in the FORMAT file. */
  public static final String FUNCTION_ID = "crc16-slot-contiguous";

  private static final short[] TABLE = table();

  private Slots() {}

  /** Slot of a key, honouring a non-empty {@code {hash tag}}. */
  public static int slot(byte[] key, int offset, int length) {
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      if (key[i] == '{') {
        for (int j = i + 1; j < end; j++) {
          if (key[j] == '}') {
            return j == i + 1 ? crc(key, offset, end) : crc(key, i + 1, j);
          }
        }
        break;
      }
    }
    return crc(key, offset, end);
  }

  /** Task that owns a slot when there are {@code tasks} tasks (a power of two up to 16384). */
  public static int task(int slot, int tasks) {
    return slot / (COUNT / tasks);
  }

  private static int crc(byte[] bytes, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = (crc << 8) & 0xFFFF ^ TABLE[(crc >>> 8 ^ bytes[i]) & 0xFF] & 0xFFFF;
    }
    return crc & (COUNT - 1);
  }

  private static short[] table() {
    short[] table = new short[256];
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
      }
      table[i] = (short) crc;
    }
    return table;
  }
}
