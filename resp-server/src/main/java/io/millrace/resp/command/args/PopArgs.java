package io.millrace.resp.command.args;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;

/** Arguments that the popping commands of several types share. */
public final class PopArgs {
  private static final CommandException NOT_POSITIVE =
      CommandException.error("value is out of range, must be positive");

  private PopArgs() {}

  /**
   * The number of elements behind the key, 1 when there is none; nothing follows it.
   *
   * @throws CommandException with Redis's text
   */
  public static long elements(Args args) {
    if (args.count() > 3) {
      throw CommandException.SYNTAX;
    }
    return args.count() == 3 ? notNegative(args, 2, NOT_POSITIVE) : 1;
  }

  /** An argument as a number that is not negative. */
  public static long notNegative(Args args, int i, CommandException refusal) {
    if (!args.isInteger(i) || args.integer(i) < 0) {
      throw refusal;
    }
    return args.integer(i);
  }

  /**
   * The number of keys that follow; a word must follow the last.
   *
   * @throws CommandException with Redis's text
   */
  public static int keys(Args args, int i) {
    if (!args.isInteger(i) || args.integer(i) < 1) {
      throw CommandException.error("numkeys should be greater than 0");
    }
    long keys = args.integer(i);
    if (keys > args.count() - i - 2) {
      throw CommandException.SYNTAX;
    }
    return (int) keys;
  }

  /**
   * The number after COUNT, 1 when there is no COUNT at {@code i}.
   *
   * @throws CommandException with Redis's text
   */
  public static long count(Args args, int i) {
    if (i >= args.count()) {
      return 1;
    }
    if (!args.is(i, "COUNT") || i + 1 >= args.count()) {
      throw CommandException.SYNTAX;
    }
    if (!args.isInteger(i + 1) || args.integer(i + 1) < 1) {
      throw CommandException.error("count should be greater than 0");
    }
    if (i + 2 < args.count()) {
      throw CommandException.SYNTAX;
    }
    return args.integer(i + 1);
  }
}
