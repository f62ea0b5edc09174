package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Syntax;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.nio.charset.StandardCharsets;

/** SLOWLOG and its subcommands. */
final class SlowLogCommands {
  private SlowLogCommands() {}

  static void get(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() > 3) {
      throw Syntax.subcommand(args, "SLOWLOG");
    }
    long most = 10;
    if (args.count() > 2) {
      most = args.isInteger(2) ? args.integer(2) : Long.MIN_VALUE;
    }
    if (most < -1) {
      throw CommandException.error("count should be greater than or equal to -1");
    }
    var log = ctx.server().slowLog();
    long shown = most == -1 ? log.size() : Math.min(most, log.size());
    reply.array((int) shown);
    for (var entry : log.entries()) {
      if (shown-- <= 0) {
        break;
      }
      reply.array(6);
      reply.integer(entry.id());
      reply.integer(entry.seconds());
      reply.integer(entry.micros());
      reply.array(entry.arguments().size());
      for (var word : entry.arguments()) {
        reply.bulk(word.getBytes(StandardCharsets.ISO_8859_1));
      }
      reply.bulk(entry.address());
      reply.bulk(entry.name());
    }
  }

  static void len(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(ctx.server().slowLog().size());
  }

  static void reset(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.server().slowLog().clear();
    reply.ok();
  }
}
