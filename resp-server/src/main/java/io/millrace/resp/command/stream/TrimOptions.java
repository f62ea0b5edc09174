package io.millrace.resp.command.stream;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.type.StreamId;
import io.millrace.resp.type.StreamValue;
import org.jspecify.annotations.Nullable;

/**
 * Options of XADD and XTRIM.
 *
 * <p>Approximate trimming removes multiples of the {@value #NODE} entries that a node of Redis's
 * streams holds, as Redis does when no entry was deleted from the middle, or all entries.
 */
final class TrimOptions {
  private static final int NODE = 100;
  private static final long DEFAULT_LIMIT = 100L * NODE;
  private static final CommandException BOTH =
      CommandException.error(
          "syntax error, MAXLEN and MINID options at the same time are not compatible");

  private final Args args;
  private long maxLength = -1;
  private @Nullable StreamId minId;
  private boolean approximate;
  private long limit;
  private boolean limited;
  boolean noMakeStream;

  /** The argument behind the options: the id of XADD, or the number of arguments. */
  int end;

  private TrimOptions(Args args) {
    this.args = args;
  }

  static TrimOptions parse(Args args, boolean add) {
    var options = new TrimOptions(args);
    int i = 2;
    while (i < args.count()) {
      int next = options.option(i, add);
      if (next == i) {
        break;
      }
      i = next;
    }
    options.end = i;
    options.check(add);
    return options;
  }

  /** Reads the option at an argument; returns the next one, or the same when it is an id. */
  private int option(int i, boolean add) {
    boolean more = i + 1 < args.count();
    if (add && args.is(i, "*")) {
      return i;
    }
    if (more && (args.is(i, "MAXLEN") || args.is(i, "MINID"))) {
      return threshold(i);
    }
    if (more && args.is(i, "LIMIT")) {
      limit = args.integer(i + 1);
      if (limit < 0) {
        throw CommandException.error("The LIMIT argument must be >= 0.");
      }
      limited = true;
      return i + 2;
    }
    if (add && args.is(i, "NOMKSTREAM")) {
      noMakeStream = true;
      return i + 1;
    }
    if (add) {
      return i;
    }
    throw CommandException.SYNTAX;
  }

  private int threshold(int i) {
    if (trims()) {
      throw BOTH;
    }
    int at = i + 1;
    approximate = false;
    if (at + 1 < args.count() && (args.is(at, "~") || args.is(at, "="))) {
      approximate = args.is(at, "~");
      at++;
    }
    if (args.is(i, "MAXLEN")) {
      maxLength = args.integer(at);
      if (maxLength < 0) {
        throw CommandException.error("The MAXLEN argument must be >= 0.");
      }
    } else {
      minId = Ids.strict(args, at, 0);
    }
    return at + 1;
  }

  private boolean trims() {
    return maxLength >= 0 || minId != null;
  }

  private void check(boolean add) {
    if (add && end < args.count() && !args.is(end, "*")) {
      // The id is looked at before the options are judged.
      AddId.parse(args, end);
    }
    if (limit != 0 && !trims()) {
      throw CommandException.error(
          "syntax error, LIMIT cannot be used without specifying a trimming strategy");
    }
    if (!add && !trims()) {
      throw CommandException.error("syntax error, XTRIM must be called with a trimming strategy");
    }
    if (limited && !approximate) {
      throw CommandException.error(
          "syntax error, LIMIT cannot be used without the special ~ option");
    }
  }

  /** Trims; returns the number of entries removed. */
  long trim(StreamValue stream) {
    if (!trims()) {
      return 0;
    }
    StreamId from = minId;
    long doomed = from != null ? stream.rank(from) : stream.size() - maxLength;
    if (doomed <= 0) {
      return 0;
    }
    if (approximate) {
      long most = limited ? limit : DEFAULT_LIMIT;
      long allowed = most == 0 ? doomed : Math.min(doomed, most);
      doomed = allowed >= stream.size() ? stream.size() : allowed / NODE * NODE;
    }
    stream.tree().removeRange(0, doomed);
    return doomed;
  }
}
