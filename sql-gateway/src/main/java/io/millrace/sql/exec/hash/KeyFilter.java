package io.millrace.sql.exec.hash;

import io.millrace.engine.state.HotPath;
import java.util.function.LongPredicate;

/**
 * Says which whole numbers cannot be keys of a table, from a few bits each: rows of the other side
 * of a join that find no partner are dropped before they are decoded. Exact where the keys lie
 * close together; otherwise one bit of a hash, which lets some pass that have no partner.
 */
@HotPath(benchmark = "PageScanBenchmark")
final class KeyFilter implements LongPredicate {
  private static final long MAX_EXACT_BITS = 1L << 26;
  private static final int BITS_PER_KEY = 16;
  private static final int MAX_LOG_BITS = 28;

  private final long[] bits;
  private final long smallest;
  private final long range;
  private final int shift;

  /** A filter for keys from a range; so many of them at most. */
  KeyFilter(long smallest, long largest, int keys) {
    this.smallest = smallest;
    range = largest - smallest;
    var exact = range >= 0 && range < MAX_EXACT_BITS && range / 64 <= 4L * keys + 1024;
    if (exact) {
      bits = new long[(int) (range >>> 6) + 1];
      shift = 0;
    } else {
      var logBits = 64 - Long.numberOfLeadingZeros(Math.max(1023L, (long) keys * BITS_PER_KEY));
      logBits = Math.min(logBits, MAX_LOG_BITS);
      bits = new long[1 << logBits - 6];
      shift = 64 - logBits;
    }
  }

  private static long spread(long key) {
    return key * 0x9E37_79B9_7F4A_7C15L;
  }

  void add(long key) {
    var bit = shift == 0 ? key - smallest : spread(key) >>> shift;
    bits[(int) (bit >>> 6)] |= 1L << bit;
  }

  /** False when there is no such key. */
  @Override
  public boolean test(long key) {
    long bit;
    if (shift == 0) {
      bit = key - smallest;
      if (Long.compareUnsigned(bit, range) > 0) {
        return false;
      }
    } else {
      bit = spread(key) >>> shift;
    }
    return (bits[(int) (bit >>> 6)] & 1L << bit) != 0;
  }

  /** Bytes of memory. */
  long bytes() {
    return 8L * bits.length;
  }
}
