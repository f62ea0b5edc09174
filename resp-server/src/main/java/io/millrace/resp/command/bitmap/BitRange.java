package io.millrace.resp.command.bitmap;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;

/**
 * A part of a string, in bits.
 *
 * @param from first bit
 * @param to last bit; below {@code from} when there is none
 */
record BitRange(long from, long to) {
  static final BitRange NONE = new BitRange(0, -1);

  static BitRange whole(int bytes) {
    return new BitRange(0, bytes * 8L - 1);
  }

  /** True when the unit is bits, false when it is bytes. */
  static boolean inBits(Args args, int i) {
    if (args.is(i, "BIT")) {
      return true;
    }
    if (args.is(i, "BYTE")) {
      return false;
    }
    throw CommandException.SYNTAX;
  }

  /** From ends that may be negative, counted from the end. */
  static BitRange of(long start, long end, boolean bits, int bytes) {
    long total = bits ? bytes * 8L : bytes;
    long from = Math.max(0, start < 0 ? total + start : start);
    long to = Math.min(total - 1, Math.max(0, end < 0 ? total + end : end));
    if (from > to) {
      return NONE;
    }
    return bits ? new BitRange(from, to) : new BitRange(from * 8, to * 8 + 7);
  }
}
