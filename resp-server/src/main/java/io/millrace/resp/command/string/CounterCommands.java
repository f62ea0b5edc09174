package io.millrace.resp.command.string;

import io.millrace.engine.state.HotPath;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.LongDouble;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.protocol.ReplyWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** INCR and its kin. */
@HotPath(benchmark = "KeyspaceBenchmark")
final class CounterCommands {
  private CounterCommands() {}

  static void incr(CommandContext ctx, Args args, ReplyWriter reply) {
    add(ctx, args, reply, 1);
  }

  static void decr(CommandContext ctx, Args args, ReplyWriter reply) {
    add(ctx, args, reply, -1);
  }

  static void incrBy(CommandContext ctx, Args args, ReplyWriter reply) {
    add(ctx, args, reply, args.integer(2));
  }

  static void decrBy(CommandContext ctx, Args args, ReplyWriter reply) {
    long by = args.integer(2);
    if (by == Long.MIN_VALUE) {
      throw CommandException.error("decrement would overflow");
    }
    add(ctx, args, reply, -by);
  }

  private static void add(CommandContext ctx, Args args, ReplyWriter reply, long by) {
    var key = ctx.open(args, 1);
    long before = 0;
    boolean exists = key.require(Kinds.STRING);
    if (exists) {
      before = Numbers.parseLong(key.ref.array, key.ref.offset, key.ref.length);
    }
    long after = before + by;
    if (((before ^ after) & (by ^ after)) < 0) {
      throw CommandException.error("increment or decrement would overflow");
    }
    byte[] text = ctx.numberText();
    int length = Numbers.write(after, text, 0);
    if (exists) {
      key.update(Kinds.STRING, text, 0, length);
    } else {
      key.put(Kinds.STRING, 0, text, 0, length);
    }
    key.event(KeyspaceEvents.STRING, "incrby");
    reply.integer(after);
  }

  static void incrByFloat(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    var before = BigDecimal.ZERO;
    boolean exists = key.require(Kinds.STRING);
    if (exists) {
      before = LongDouble.parse(key.ref.array, key.ref.offset, key.ref.length);
    }
    var by = LongDouble.parse(args.array(), args.offset(2), args.length(2));
    var text = LongDouble.format(LongDouble.add(before, by)).getBytes(StandardCharsets.US_ASCII);
    if (exists) {
      key.update(Kinds.STRING_TEXT, text, 0, text.length);
    } else {
      key.put(Kinds.STRING_TEXT, 0, text, 0, text.length);
    }
    key.event(KeyspaceEvents.STRING, "incrbyfloat");
    reply.bulk(text);
  }
}
