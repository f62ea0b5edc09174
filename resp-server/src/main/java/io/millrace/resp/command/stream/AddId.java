package io.millrace.resp.command.stream;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.type.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * The id that XADD asks for.
 *
 * @param id the id; null for {@code *}
 * @param anySeq true for {@code ms-*}
 */
record AddId(@Nullable StreamId id, boolean anySeq) {
  private static final CommandException TOO_LOW =
      CommandException.error(
          "The ID specified in XADD is equal or smaller than the target stream top item");

  static AddId parse(Args args, int i) {
    String text = args.latin(i);
    if (text.equals("*")) {
      return new AddId(null, false);
    }
    if (text.endsWith("-*")) {
      return new AddId(new StreamId(Ids.number(text.substring(0, text.length() - 2)), 0), true);
    }
    return new AddId(Ids.parse(text, 0), false);
  }

  boolean isZero() {
    return id != null && !anySeq && id.equals(StreamId.MIN);
  }

  /** The id of the new entry of a stream. */
  StreamId after(StreamId last, long stampMs) {
    if (last.equals(StreamId.MAX)) {
      throw CommandException.error(
          "The stream has exhausted the last possible ID, unable to add more items");
    }
    StreamId chosen = choose(last, stampMs);
    if (chosen == null || chosen.compareTo(last) <= 0) {
      throw TOO_LOW;
    }
    return chosen;
  }

  private @Nullable StreamId choose(StreamId last, long stampMs) {
    if (id == null) {
      return Long.compareUnsigned(stampMs, last.ms()) > 0 ? new StreamId(stampMs, 0) : last.next();
    }
    if (anySeq && last.ms() == id.ms()) {
      return last.seq() == -1 ? null : new StreamId(last.ms(), last.seq() + 1);
    }
    return id;
  }
}
