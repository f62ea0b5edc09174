package io.millrace.resp.command.zset;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;

/**
 * Options of ZADD.
 *
 * @param absent NX: only members that are not there
 * @param existing XX: only members that are there
 * @param greater GT: only to a higher score
 * @param lower LT: only to a lower score
 * @param change CH: count changed members too
 * @param increment INCR: add to the score
 * @param firstScore argument of the first score
 */
record ZAddOptions(
    boolean absent,
    boolean existing,
    boolean greater,
    boolean lower,
    boolean change,
    boolean increment,
    int firstScore) {

  /** What ZINCRBY does. */
  static final ZAddOptions INCREMENT = new ZAddOptions(false, false, false, false, false, true, 2);

  /** Reads and checks them. */
  static ZAddOptions parse(Args args) {
    boolean nx = false;
    boolean xx = false;
    boolean gt = false;
    boolean lt = false;
    boolean ch = false;
    boolean incr = false;
    int i = 2;
    for (; i < args.count(); i++) {
      if (args.is(i, "NX")) {
        nx = true;
      } else if (args.is(i, "XX")) {
        xx = true;
      } else if (args.is(i, "GT")) {
        gt = true;
      } else if (args.is(i, "LT")) {
        lt = true;
      } else if (args.is(i, "CH")) {
        ch = true;
      } else if (args.is(i, "INCR")) {
        incr = true;
      } else {
        break;
      }
    }
    var options = new ZAddOptions(nx, xx, gt, lt, ch, incr, i);
    options.check(args.count() - i);
    return options;
  }

  private void check(int words) {
    if (words == 0 || words % 2 != 0) {
      throw CommandException.SYNTAX;
    }
    if (absent && existing) {
      throw CommandException.error("XX and NX options at the same time are not compatible");
    }
    if (greater && absent || lower && absent || greater && lower) {
      throw CommandException.error("GT, LT, and/or NX options at the same time are not compatible");
    }
    if (increment && words > 2) {
      throw CommandException.error("INCR option supports a single increment-element pair");
    }
  }
}
