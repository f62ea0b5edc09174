package io.millrace.resp.command.bitmap;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import java.util.Arrays;
import java.util.Objects;

/** A string as a row of bits, the highest bit of the first byte being number 0. */
final class Bits {
  private static final CommandException BAD_OFFSET =
      CommandException.error("bit offset is not an integer or out of range");

  private static final byte[] NOTHING = new byte[0];

  private Bits() {}

  /** A bit offset; with {@code #} in front, where allowed, counted in fields of some bits. */
  static long offset(CommandContext ctx, Args args, int i, int bitsPerField) {
    boolean inFields =
        bitsPerField > 0 && args.length(i) > 0 && args.array()[args.offset(i)] == '#';
    int skip = inFields ? 1 : 0;
    int from = args.offset(i) + skip;
    int length = args.length(i) - skip;
    if (!Numbers.isLong(args.array(), from, length)) {
      throw BAD_OFFSET;
    }
    long offset = Numbers.parseLong(args.array(), from, length);
    if (inFields) {
      offset = offset > Long.MAX_VALUE / bitsPerField ? -1 : offset * bitsPerField;
    }
    if (offset < 0 || offset >>> 3 >= ctx.longestString()) {
      throw BAD_OFFSET;
    }
    return offset;
  }

  static int get(Key key, long bit) {
    long at = bit >>> 3;
    if (!key.found() || at >= key.ref.length) {
      return 0;
    }
    return key.ref.array[key.ref.offset + (int) at] >>> (7 - (bit & 7)) & 1;
  }

  /** Sets a bit of an existing string that is long enough and announced as changing. */
  static void set(Key key, long bit, int value) {
    int at = key.ref.offset + Objects.checkIndex((int) (bit >>> 3), key.ref.length);
    int mask = 0x80 >>> (bit & 7);
    key.ref.array[at] = (byte) (value == 0 ? key.ref.array[at] & ~mask : key.ref.array[at] | mask);
  }

  /**
   * Makes a string long enough for a bit and announces a change of it.
   *
   * @return true when it was made or has grown
   */
  static boolean grow(CommandContext ctx, Key key, long lastBit) {
    int length = Math.toIntExact((lastBit >>> 3) + 1);
    if (!key.found() || length > key.ref.length) {
      ctx.requireHeap(length);
    }
    if (!key.found()) {
      key.put(Kinds.STRING_RAW, 0, NOTHING, 0, 0);
    }
    if (key.ref.kind != Kinds.STRING_RAW) {
      key.task().kind(key.ref, Kinds.STRING_RAW);
    }
    int before = key.ref.length;
    int after = Math.max(before, length);
    key.task().resize(key.ref, after);
    Arrays.fill(key.ref.array, key.ref.offset + before, key.ref.offset + after, (byte) 0);
    return after > before;
  }

  /** Number of bits set from one bit to another, both included. */
  static long count(Key key, long from, long to) {
    long count = 0;
    long bit = from;
    while (bit <= to && (bit & 7) != 0) {
      count += get(key, bit++);
    }
    byte[] array = key.ref.array;
    while (bit + 7 <= to) {
      count += Integer.bitCount(array[key.ref.offset + (int) (bit >>> 3)] & 0xFF);
      bit += 8;
    }
    while (bit <= to) {
      count += get(key, bit++);
    }
    return count;
  }

  /** First bit of a value from one bit to another, both included; -1 when there is none. */
  static long find(Key key, int value, long from, long to) {
    int skip = value == 0 ? 0xFF : 0;
    long bit = from;
    while (bit <= to) {
      boolean whole = (bit & 7) == 0 && bit + 7 <= to;
      if (whole && (key.ref.array[key.ref.offset + (int) (bit >>> 3)] & 0xFF) == skip) {
        bit += 8;
      } else if (get(key, bit) == value) {
        return bit;
      } else {
        bit++;
      }
    }
    return -1;
  }
}
