package io.millrace.resp.dump;

import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.HeapShare;
import io.millrace.resp.protocol.Numbers;
import java.util.Arrays;

/** Writes the elements of a dump payload, and its footer of version and checksum. */
final class PayloadWriter {
  /** What Redis 7.0 writes, and all newer versions read. */
  static final int VERSION = 10;

  private static final int LONGEST_INTEGER = 11;
  private static final CommandException TOO_LARGE =
      new CommandException("OOM the payload is larger than this node can make at once");

  private final int largest = HeapShare.largest();
  private byte[] buffer = new byte[256];
  private int size;

  void octet(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
  }

  void length(long length) {
    if (length >= 0 && length < 1 << 6) {
      octet((int) length);
    } else if (length >= 0 && length < 1 << 14) {
      octet(0x40 | (int) (length >>> 8));
      octet((int) length);
    } else if (length >>> 32 == 0) {
      octet(0x80);
      big(length, 4);
    } else {
      octet(0x81);
      big(length, 8);
    }
  }

  private void big(long value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
      octet((int) (value >>> 8 * i));
    }
  }

  private void little(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      octet((int) (value >>> 8 * i));
    }
  }

  /** A string, as a number when it is a short one. */
  void string(byte[] array, int offset, int length) {
    if (length <= LONGEST_INTEGER && Numbers.isLong(array, offset, length)) {
      long number = Numbers.parseLong(array, offset, length);
      if (number == (int) number) {
        integer((int) number);
        return;
      }
    }
    length(length);
    ensure(length);
    System.arraycopy(array, offset, buffer, size, length);
    size += length;
  }

  void string(byte[] string) {
    string(string, 0, string.length);
  }

  private void integer(int number) {
    if (number == (byte) number) {
      octet(0xC0);
      little(number, 1);
    } else if (number == (short) number) {
      octet(0xC1);
      little(number, 2);
    } else {
      octet(0xC2);
      little(number, 4);
    }
  }

  void score(double score) {
    little(Double.doubleToRawLongBits(score), 8);
  }

  /** Refuses a payload that will be larger than a quarter of the heap. */
  void require(long more) {
    if (size + more > largest) {
      throw TOO_LARGE;
    }
  }

  private void ensure(int more) {
    require(more);
    long wanted = (long) size + more;
    if (wanted > buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(largest, Math.max(2L * size, wanted)));
    }
  }

  /** The payload with its footer. */
  byte[] finish() {
    little(VERSION, 2);
    little(Crc64.of(buffer, 0, size), 8);
    return Arrays.copyOf(buffer, size);
  }
}
