package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** Whole databases. */
final class FlushCommands {
  private FlushCommands() {}

  private static void checkType(Args args) {
    if (args.count() > 2 || args.count() == 2 && !args.is(1, "ASYNC") && !args.is(1, "SYNC")) {
      throw CommandException.SYNTAX;
    }
  }

  static void flushDb(CommandContext ctx, Args args, ReplyWriter reply) {
    checkType(args);
    ctx.changeAll();
    ctx.keyspace().flush(ctx.database(), ctx.execution());
    reply.ok();
  }

  static void flushAll(CommandContext ctx, Args args, ReplyWriter reply) {
    checkType(args);
    ctx.changeAll();
    for (int i = 0; i < Keyspace.DATABASES; i++) {
      ctx.keyspace().flush(ctx.keyspace().database(i), ctx.execution());
    }
    reply.ok();
  }

  static void dbSize(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.lookAtAll();
    reply.integer(ctx.keyspace().count(ctx.database(), ctx.execution()));
  }

  private static int index(Args args, int i, String which) {
    if (!args.isInteger(i) || args.integer(i) != (int) args.integer(i)) {
      throw CommandException.error("invalid " + which + " DB index");
    }
    return (int) args.integer(i);
  }

  static void swapDb(CommandContext ctx, Args args, ReplyWriter reply) {
    int one = index(args, 1, "first");
    int other = index(args, 2, "second");
    if (one < 0 || one >= Keyspace.DATABASES || other < 0 || other >= Keyspace.DATABASES) {
      throw CommandException.DB_INDEX;
    }
    if (one != other) {
      ctx.changeAll();
      var keyspace = ctx.keyspace();
      keyspace.swap(keyspace.database(one), keyspace.database(other), ctx.execution());
    }
    reply.ok();
  }
}
