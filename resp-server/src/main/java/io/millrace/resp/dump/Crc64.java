package io.millrace.resp.dump;

/** The checksum of dump payloads: CRC-64 with Jones's polynomial, reflected, from zero. */
public final class Crc64 {
  private static final long POLYNOMIAL = 0x95AC9329AC4BC9B5L;
  private static final long[] TABLE = table();

  private Crc64() {}

  private static long[] table() {
    var table = new long[256];
    for (int i = 0; i < table.length; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
      }
      table[i] = crc;
    }
    return table;
  }

  /** Checksum of a range of bytes. */
  public static long of(byte[] array, int offset, int length) {
    long crc = 0;
    for (int i = offset; i < offset + length; i++) {
      crc = crc >>> 8 ^ TABLE[(int) (crc ^ array[i]) & 0xFF];
    }
    return crc;
  }
}
