package io.millrace.resp.command.stream;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.type.StreamId;

/** Stream ids as arguments. */
final class Ids {
  static final CommandException INVALID =
      CommandException.error("Invalid stream ID specified as stream command argument");

  private static final int LONGEST = 127;

  private Ids() {}

  /** An id of digits; a missing second half is replaced. */
  static StreamId strict(Args args, int i, long missingSeq) {
    return parse(args.latin(i), missingSeq);
  }

  /** An id, or {@code -} or {@code +} for the lowest and the highest. */
  static StreamId open(String text, long missingSeq) {
    return switch (text) {
      case "-" -> StreamId.MIN;
      case "+" -> StreamId.MAX;
      default -> parse(text, missingSeq);
    };
  }

  static StreamId parse(String text, long missingSeq) {
    if (text.length() > LONGEST) {
      throw INVALID;
    }
    int dash = text.indexOf('-');
    if (dash < 0) {
      return new StreamId(number(text), missingSeq);
    }
    return new StreamId(number(text.substring(0, dash)), number(text.substring(dash + 1)));
  }

  /** An unsigned number, with white space and a plus sign in front as C allows them. */
  static long number(String text) {
    try {
      return Long.parseUnsignedLong(text.stripLeading());
    } catch (NumberFormatException notANumber) {
      throw INVALID;
    }
  }

  /** The lower end of a range. */
  static StreamId from(Args args, int i) {
    String text = args.latin(i);
    if (!exclusive(text)) {
      return open(text, 0);
    }
    StreamId next = parse(text.substring(1), 0).next();
    if (next == null) {
      throw CommandException.error("invalid start ID for the interval");
    }
    return next;
  }

  /** The upper end of a range. */
  static StreamId to(Args args, int i) {
    String text = args.latin(i);
    if (!exclusive(text)) {
      return open(text, -1);
    }
    StreamId previous = parse(text.substring(1), -1).previous();
    if (previous == null) {
      throw CommandException.error("invalid end ID for the interval");
    }
    return previous;
  }

  private static boolean exclusive(String text) {
    return text.length() > 1 && text.charAt(0) == '(';
  }
}
