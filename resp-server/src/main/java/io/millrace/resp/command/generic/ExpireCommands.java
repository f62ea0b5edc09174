package io.millrace.resp.command.generic;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.ExpireTime;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** Deadlines of keys. */
final class ExpireCommands {
  private static final int NX = 1;
  private static final int XX = 2;
  private static final int GT = 4;
  private static final int LT = 8;

  private ExpireCommands() {}

  static void expire(CommandContext ctx, Args args, ReplyWriter reply) {
    set(ctx, args, reply, true, true, "expire");
  }

  static void pexpire(CommandContext ctx, Args args, ReplyWriter reply) {
    set(ctx, args, reply, false, true, "pexpire");
  }

  static void expireAt(CommandContext ctx, Args args, ReplyWriter reply) {
    set(ctx, args, reply, true, false, "expireat");
  }

  static void pexpireAt(CommandContext ctx, Args args, ReplyWriter reply) {
    set(ctx, args, reply, false, false, "pexpireat");
  }

  private static int conditions(Args args) {
    int given = 0;
    for (int i = 3; i < args.count(); i++) {
      if (args.is(i, "NX")) {
        given |= NX;
      } else if (args.is(i, "XX")) {
        given |= XX;
      } else if (args.is(i, "GT")) {
        given |= GT;
      } else if (args.is(i, "LT")) {
        given |= LT;
      } else {
        throw CommandException.error("Unsupported option " + args.shown(i));
      }
    }
    if ((given & NX) != 0 && (given & ~NX) != 0) {
      throw CommandException.error(
          "NX and XX, GT or LT options at the same time are not compatible");
    }
    if ((given & (GT | LT)) == (GT | LT)) {
      throw CommandException.error("GT and LT options at the same time are not compatible");
    }
    return given;
  }

  private static void set(
      CommandContext ctx,
      Args args,
      ReplyWriter reply,
      boolean seconds,
      boolean relative,
      String name) {
    int given = conditions(args);
    long wanted = ExpireTime.absolute(ctx, args.integer(2), seconds, relative, name);
    var key = ctx.open(args, 1);
    if (!key.found() || !holds(given, key.ref.expireAtMs, wanted)) {
      reply.integer(0);
      return;
    }
    if (wanted <= ctx.stampMs()) {
      key.deleteAloud();
    } else {
      key.expireAt(wanted);
      key.event(KeyspaceEvents.GENERIC, "expire");
    }
    reply.integer(1);
  }

  private static boolean holds(int given, long before, long wanted) {
    boolean has = before != 0;
    if ((given & NX) != 0 && has || (given & XX) != 0 && !has) {
      return false;
    }
    // No deadline counts as one that never comes.
    if ((given & GT) != 0 && (!has || wanted <= before)) {
      return false;
    }
    return (given & LT) == 0 || !has || wanted < before;
  }

  static void persist(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    boolean had = key.found() && key.ref.expireAtMs != 0;
    if (had) {
      key.expireAt(0);
      key.event(KeyspaceEvents.GENERIC, "persist");
    }
    reply.integer(had ? 1 : 0);
  }

  static void ttl(CommandContext ctx, Args args, ReplyWriter reply) {
    answer(ctx, args, reply, true, true);
  }

  static void pttl(CommandContext ctx, Args args, ReplyWriter reply) {
    answer(ctx, args, reply, false, true);
  }

  static void expireTime(CommandContext ctx, Args args, ReplyWriter reply) {
    answer(ctx, args, reply, true, false);
  }

  static void pexpireTime(CommandContext ctx, Args args, ReplyWriter reply) {
    answer(ctx, args, reply, false, false);
  }

  private static void answer(
      CommandContext ctx, Args args, ReplyWriter reply, boolean seconds, boolean relative) {
    var key = ctx.open(args, 1);
    if (!key.found()) {
      key.event(KeyspaceEvents.KEY_MISS, "keymiss");
      reply.integer(-2);
    } else if (key.ref.expireAtMs == 0) {
      reply.integer(-1);
    } else {
      long ms = relative ? key.ref.expireAtMs - ctx.stampMs() : key.ref.expireAtMs;
      reply.integer(seconds ? (ms + 500) / 1000 : ms);
    }
  }
}
