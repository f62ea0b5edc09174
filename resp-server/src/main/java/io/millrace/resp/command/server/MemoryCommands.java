package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** MEMORY and its subcommands. */
final class MemoryCommands {
  private MemoryCommands() {}

  static void usage(CommandContext ctx, Args args, ReplyWriter reply) {
    for (int i = 3; i < args.count(); i += 2) {
      if (!args.is(i, "SAMPLES") || i + 1 >= args.count()) {
        throw CommandException.SYNTAX;
      }
      if (args.integer(i + 1) < 0) {
        throw CommandException.SYNTAX;
      }
    }
    var key = ctx.open(args, 2);
    if (!key.found()) {
      reply.nil();
    } else {
      reply.integer(key.type().bytes(key.task(), key.database(), key.ref));
    }
  }

  static void doctor(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.verbatim(
        "Values that have not been used for long leave memory by themselves (hot-memory). Nothing"
            + " to report.\n");
  }

  static void mallocStats(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.verbatim("Memory is managed by the Java virtual machine.\n");
  }

  static void purge(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.ok();
  }

  static void stats(CommandContext ctx, Args args, ReplyWriter reply) {
    var runtime = Runtime.getRuntime();
    reply.map(4);
    reply.bulk("total.allocated");
    reply.integer(ctx.server().engine().usedMemory());
    reply.bulk("heap.used");
    reply.integer(runtime.totalMemory() - runtime.freeMemory());
    reply.bulk("heap.max");
    reply.integer(runtime.maxMemory());
    reply.bulk("keys.count");
    ctx.lookAtAll();
    reply.integer(ctx.keyspace().count(ctx.database(), ctx.execution()));
  }
}
