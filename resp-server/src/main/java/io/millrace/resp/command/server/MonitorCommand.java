package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** MONITOR. */
final class MonitorCommand {
  private MonitorCommand() {}

  static void monitor(CommandContext ctx, Args args, ReplyWriter reply) {
    if (ctx.inTransaction()) {
      throw CommandException.error("MONITOR isn't allowed for DENY BLOCKING client");
    }
    // One that sees all commands already gets no answer, as in Redis.
    if (ctx.server().monitors().add(ctx.session())) {
      reply.ok();
    }
  }
}
