package io.millrace.resp.command.args;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Glob;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Options of the SCAN family.
 *
 * @param pattern MATCH, or null
 * @param count COUNT
 * @param type TYPE in lower case, or null
 */
public record ScanOptions(byte @Nullable [] pattern, long count, @Nullable String type) {

  /** The cursor in an argument: an unsigned 64-bit number, read as C's strtoul reads it. */
  public static long cursor(Args args, int i) {
    var text = args.latin(i);
    boolean negative = text.startsWith("-");
    var digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (text.isEmpty()) {
      return 0;
    }
    try {
      if (digits.isEmpty() || !Character.isDigit(digits.charAt(0))) {
        throw CommandException.error("invalid cursor");
      }
      long value = Long.parseUnsignedLong(digits);
      return negative ? -value : value;
    } catch (NumberFormatException notANumber) {
      throw CommandException.error("invalid cursor");
    }
  }

  /** Reads the options from argument {@code from} on. */
  public static ScanOptions parse(Args args, int from, boolean withType) {
    byte[] pattern = null;
    long count = 10;
    String type = null;
    for (int i = from; i < args.count(); i += 2) {
      boolean value = i + 1 < args.count();
      if (value && args.is(i, "COUNT")) {
        count = args.integer(i + 1);
        if (count < 1) {
          throw CommandException.SYNTAX;
        }
      } else if (value && args.is(i, "MATCH")) {
        pattern = args.bytes(i + 1);
      } else if (value && withType && args.is(i, "TYPE")) {
        type = args.latin(i + 1).toLowerCase(Locale.ROOT);
      } else {
        throw CommandException.SYNTAX;
      }
    }
    return new ScanOptions(pattern, count, type);
  }

  /** True when a name matches the pattern. */
  public boolean matches(byte[] name, int offset, int length) {
    return pattern == null || Glob.matches(pattern, 0, pattern.length, name, offset, length);
  }
}
