package io.millrace.resp.dump;

import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads the elements of a dump payload; every read is checked against the end. */
final class PayloadReader {
  /** The payload is not what it should be. */
  static final CommandException BAD = CommandException.error("Bad data format");

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int INT8 = 0xC0;
  private static final int INT16 = 0xC1;
  private static final int INT32 = 0xC2;
  private static final int LZF = 0xC3;
  private static final int LENGTH32 = 0x80;
  private static final int LENGTH64 = 0x81;
  private static final int LONGEST = 512 << 20;
  private static final int NAN = 253;
  private static final int INFINITY = 254;
  private static final int MINUS_INFINITY = 255;

  private final byte[] array;
  private final int end;
  private final Budget budget;
  private int at;

  PayloadReader(byte[] array, int offset, int length, Budget budget) {
    this.array = array;
    this.at = offset;
    this.end = offset + length;
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  int octet() {
    need(1);
    return array[at++] & 0xFF;
  }

  private void need(long bytes) {
    if (bytes < 0 || bytes > end - at) {
      throw BAD;
    }
  }

  /** A number of bytes or elements, or any unsigned number. */
  long length() {
    int first = octet();
    switch (first >>> 6) {
      case 0:
        return first;
      case 1:
        return (first & 0x3F) << 8 | octet();
      default:
        if (first == LENGTH32) {
          return big(4);
        }
        if (first == LENGTH64) {
          return big(8);
        }
        throw BAD;
    }
  }

  /** A number of elements, each of which takes a byte at least. */
  int elements() {
    long count = length();
    need(count);
    return (int) count;
  }

  private long big(int bytes) {
    need(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | array[at++] & 0xFF;
    }
    return value;
  }

  private long little(int bytes) {
    need(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (array[at++] & 0xFFL) << 8 * i;
    }
    return value;
  }

  /** A string in any of its encodings. */
  byte[] string() {
    need(1);
    switch (array[at] & 0xFF) {
      case INT8:
        at++;
        return text((byte) little(1));
      case INT16:
        at++;
        return text((short) little(2));
      case INT32:
        at++;
        return text((int) little(4));
      case LZF:
        at++;
        return compressed();
      default:
        return plain(length());
    }
  }

  private byte[] plain(long length) {
    need(length);
    budget.take(length);
    at += (int) length;
    return Arrays.copyOfRange(array, at - (int) length, at);
  }

  private byte[] compressed() {
    long length = length();
    long expanded = length();
    need(length);
    if (expanded > LONGEST || !Lzf.plausible(length, expanded)) {
      throw BAD;
    }
    budget.take(expanded);
    var out = new byte[(int) expanded];
    Lzf.expand(array, at, (int) length, out);
    at += (int) length;
    return out;
  }

  /** Text of a number. */
  static byte[] text(long number) {
    var buffer = new byte[Numbers.MAX_LONG_CHARS];
    return Arrays.copyOf(buffer, Numbers.write(number, buffer, 0));
  }

  /** A score of eight bytes. */
  double binaryScore() {
    need(8);
    double score = Double.longBitsToDouble((long) LONGS.get(array, at));
    at += 8;
    return checked(score);
  }

  /** A score as text behind its length. */
  double textScore() {
    int length = octet();
    return switch (length) {
      case NAN -> throw BAD;
      case INFINITY -> Double.POSITIVE_INFINITY;
      case MINUS_INFINITY -> Double.NEGATIVE_INFINITY;
      default -> {
        need(length);
        at += length;
        yield score(array, at - length, length);
      }
    };
  }

  /** A score of text. */
  static double score(byte[] array, int offset, int length) {
    try {
      return checked(Numbers.parseDouble(array, offset, length));
    } catch (CommandException notANumber) {
      throw BAD;
    }
  }

  private static double checked(double score) {
    if (Double.isNaN(score)) {
      throw BAD;
    }
    return score;
  }
}
