package io.millrace.resp.command.connection;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** CLIENT PAUSE and UNPAUSE. */
final class PauseCommands {
  private PauseCommands() {}

  static void pause(CommandContext ctx, Args args, ReplyWriter reply) {
    boolean all = true;
    if (args.count() > 4) {
      throw io.millrace.resp.command.spec.Syntax.subcommand(args, "CLIENT");
    }
    if (args.count() == 4) {
      all = args.is(3, "ALL");
      if (!all && !args.is(3, "WRITE")) {
        throw CommandException.error("CLIENT PAUSE mode must be WRITE or ALL");
      }
    }
    if (!args.isInteger(2)) {
      throw CommandException.error("timeout is not an integer or out of range");
    }
    long forMs = args.integer(2);
    if (forMs < 0) {
      throw CommandException.error("timeout is negative");
    }
    long now = System.currentTimeMillis();
    if (forMs > Long.MAX_VALUE - now) {
      throw CommandException.error("timeout is out of range");
    }
    ctx.server().pause().start(ctx.session(), now, forMs, all);
    reply.ok();
  }

  static void unpause(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.server().pause().end();
    reply.ok();
  }
}
