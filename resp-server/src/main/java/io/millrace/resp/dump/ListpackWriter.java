package io.millrace.resp.dump;

import io.millrace.resp.protocol.Numbers;
import java.util.Arrays;

/** Writes a listpack: numbers and strings, each with its length behind it. */
final class ListpackWriter {
  private static final int HEADER = 6;
  private static final int MANY = 0xFFFF;
  private static final byte END = (byte) 0xFF;

  private byte[] buffer = new byte[256];
  private int size = HEADER;
  private int count;

  /** Bytes written so far. */
  int bytes() {
    return size;
  }

  /** Elements written so far. */
  int count() {
    return count;
  }

  void clear() {
    size = HEADER;
    count = 0;
  }

  /** Adds a string, as a number when it is one. */
  void add(byte[] array, int offset, int length) {
    if (Numbers.isLong(array, offset, length)) {
      add(Numbers.parseLong(array, offset, length));
      return;
    }
    ensure(length + 16);
    int start = size;
    if (length < 1 << 6) {
      put(0x80 | length);
    } else if (length < 1 << 12) {
      put(0xE0 | length >>> 8);
      put(length);
    } else {
      put(0xF0);
      little(length, 4);
    }
    System.arraycopy(array, offset, buffer, size, length);
    size += length;
    backwards(size - start);
  }

  void add(byte[] string) {
    add(string, 0, string.length);
  }

  /** Adds a number. */
  void add(long number) {
    ensure(16);
    int start = size;
    if (number >= 0 && number < 1 << 7) {
      put((int) number);
    } else if (number >= -(1 << 12) && number < 1 << 12) {
      put(0xC0 | (int) number >>> 8 & 0x1F);
      put((int) number);
    } else if (fits(number, 16)) {
      put(0xF1);
      little(number, 2);
    } else if (fits(number, 24)) {
      put(0xF2);
      little(number, 3);
    } else if (fits(number, 32)) {
      put(0xF3);
      little(number, 4);
    } else {
      put(0xF4);
      little(number, 8);
    }
    backwards(size - start);
  }

  private static boolean fits(long number, int bits) {
    return number << 64 - bits >> 64 - bits == number;
  }

  /** Bytes that the length of an entry takes behind it. */
  static int backwardsBytes(int length) {
    if (length <= 127) {
      return 1;
    }
    if (length < 16_383) {
      return 2;
    }
    if (length < 2_097_151) {
      return 3;
    }
    return length < 268_435_455 ? 4 : 5;
  }

  private void backwards(int length) {
    int bytes = backwardsBytes(length);
    for (int i = 0; i < bytes; i++) {
      int part = length >>> 7 * (bytes - 1 - i) & 0x7F;
      put(i == 0 ? part : part | 0x80);
    }
    count++;
  }

  private void little(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      put((int) (value >>> 8 * i));
    }
  }

  private void put(int value) {
    buffer[size++] = (byte) value;
  }

  private void ensure(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }

  /** The listpack. */
  byte[] finish() {
    ensure(1);
    int end = size;
    buffer[end] = END;
    size = 0;
    little(end + 1, 4);
    little(Math.min(count, MANY), 2);
    size = end;
    return Arrays.copyOf(buffer, end + 1);
  }
}
