package io.millrace.resp.command.args;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;

/** How long a waiting command waits, as Redis reads it. */
public final class Timeouts {
  private static final CommandException NOT_A_FLOAT =
      CommandException.error("timeout is not a float or out of range");
  private static final CommandException NOT_AN_INTEGER =
      CommandException.error("timeout is not an integer or out of range");
  private static final CommandException OUT_OF_RANGE =
      CommandException.error("timeout is out of range");
  private static final CommandException NEGATIVE = CommandException.error("timeout is negative");

  private Timeouts() {}

  /** Milliseconds from an argument of seconds with fractions; 0 is for ever. */
  public static long seconds(Args args, int i, long nowMs) {
    double seconds;
    try {
      seconds = Numbers.parseDouble(args.array(), args.offset(i), args.length(i));
    } catch (CommandException notANumber) {
      throw NOT_A_FLOAT;
    }
    double ms = Math.ceil(seconds * 1000);
    if (ms > Long.MAX_VALUE) {
      throw OUT_OF_RANGE;
    }
    return checked((long) ms, nowMs);
  }

  /** Milliseconds from an argument of whole milliseconds; 0 is for ever. */
  public static long millis(Args args, int i, long nowMs) {
    if (!args.isInteger(i)) {
      throw NOT_AN_INTEGER;
    }
    return checked(args.integer(i), nowMs);
  }

  private static long checked(long ms, long nowMs) {
    if (ms < 0) {
      throw NEGATIVE;
    }
    if (ms > Long.MAX_VALUE - nowMs) {
      throw OUT_OF_RANGE;
    }
    return ms;
  }
}
