package io.millrace.resp.command.args;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;

/** Deadlines as commands give them: in seconds or milliseconds, from now or absolute. */
public final class ExpireTime {
  private ExpireTime() {}

  /**
   * A deadline that must lie above zero.
   *
   * @param seconds the argument is in seconds
   * @param relative the argument counts from the stamp
   */
  public static long positive(
      CommandContext ctx, Args args, int i, boolean seconds, boolean relative, String command) {
    long value = args.integer(i);
    if (value <= 0) {
      throw invalid(command);
    }
    return absolute(ctx, value, seconds, relative, command);
  }

  /** A deadline in milliseconds since the epoch; refused when it does not fit. */
  public static long absolute(
      CommandContext ctx, long value, boolean seconds, boolean relative, String command) {
    long ms = value;
    if (seconds) {
      if (value > Long.MAX_VALUE / 1000 || value < Long.MIN_VALUE / 1000) {
        throw invalid(command);
      }
      ms = value * 1000;
    }
    if (relative) {
      if (ms > Long.MAX_VALUE - ctx.stampMs()) {
        throw invalid(command);
      }
      ms += ctx.stampMs();
    }
    return ms;
  }

  private static CommandException invalid(String command) {
    return CommandException.error("invalid expire time in '" + command + "' command");
  }
}
