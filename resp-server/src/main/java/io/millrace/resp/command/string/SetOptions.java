package io.millrace.resp.command.string;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.ExpireTime;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;

/**
 * Options of SET and GETEX.
 *
 * @param onlyNew NX
 * @param onlyOld XX
 * @param get GET
 * @param keepTtl KEEPTTL
 * @param persist PERSIST
 * @param unit 0 = EX, 1 = PX, 2 = EXAT, 3 = PXAT, -1 = no deadline given
 * @param timeAt argument of the deadline
 */
record SetOptions(
    boolean onlyNew,
    boolean onlyOld,
    boolean get,
    boolean keepTtl,
    boolean persist,
    int unit,
    int timeAt) {

  static SetOptions parse(Args args, int from, boolean set) {
    boolean nx = false;
    boolean xx = false;
    boolean get = false;
    boolean keep = false;
    boolean persist = false;
    int unit = -1;
    int unitAt = 0;
    for (int i = from; i < args.count(); i++) {
      int time = timeUnit(args, i);
      if (set && args.is(i, "NX") && !xx) {
        nx = true;
      } else if (set && args.is(i, "XX") && !nx) {
        xx = true;
      } else if (set && args.is(i, "GET")) {
        get = true;
      } else if (set && args.is(i, "KEEPTTL") && unit < 0) {
        keep = true;
      } else if (!set && args.is(i, "PERSIST") && unit < 0) {
        persist = true;
      } else if (time >= 0 && unit < 0 && !keep && !persist && i + 1 < args.count()) {
        unit = time;
        unitAt = ++i;
      } else {
        throw CommandException.SYNTAX;
      }
    }
    return new SetOptions(nx, xx, get, keep, persist, unit, unitAt);
  }

  /** The deadline given, or 0; refused when it is none. */
  long expireAtMs(CommandContext ctx, Args args, String name) {
    return unit < 0 ? 0 : ExpireTime.positive(ctx, args, timeAt, unit % 2 == 0, unit < 2, name);
  }

  /** 0 = EX, 1 = PX, 2 = EXAT, 3 = PXAT, -1 = none of them. */
  private static int timeUnit(Args args, int i) {
    if (args.is(i, "EX")) {
      return 0;
    }
    if (args.is(i, "PX")) {
      return 1;
    }
    if (args.is(i, "EXAT")) {
      return 2;
    }
    return args.is(i, "PXAT") ? 3 : -1;
  }
}
