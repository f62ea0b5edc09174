package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Checkpoints, time and the end. */
final class SaveCommands {
  private static final Set<String> SHUTDOWN_OPTIONS =
      Set.of("NOSAVE", "SAVE", "NOW", "FORCE", "ABORT");

  private SaveCommands() {}

  /** Answers when the checkpoint is durable, or why it is not. */
  static void save(CommandContext ctx, Args args, ReplyWriter reply) {
    var resume = ctx.suspend();
    var engine = ctx.server().engine();
    ctx.afterwards(() ->
        engine.checkpoint(failure -> {
          var late = new ReplyWriter();
          if (failure == null) {
            late.ok();
          } else {
            late.error("ERR checkpoint failed: " + failure.getMessage());
          }
          resume.later(Arrays.copyOf(late.array(), late.size()));
        }));
  }

  private static void start(CommandContext ctx) {
    ctx.afterwards(() -> ctx.server().engine().checkpoint(failure -> {}));
  }

  static void bgSave(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() > 2 || args.count() == 2 && !args.is(1, "SCHEDULE")) {
      throw CommandException.SYNTAX;
    }
    start(ctx);
    reply.simple("Background saving started");
  }

  static void bgRewriteAof(CommandContext ctx, Args args, ReplyWriter reply) {
    start(ctx);
    reply.simple("Background append only file rewriting started");
  }

  static void lastSave(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(ctx.server().engine().lastCheckpointSeconds());
  }

  static void role(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.array(3);
    reply.bulk("master");
    reply.integer(ctx.server().engine().journalPosition());
    reply.array(0);
  }

  static void time(CommandContext ctx, Args args, ReplyWriter reply) {
    long ms = ctx.stampMs();
    reply.array(2);
    reply.bulkInteger(ms / 1000);
    reply.bulkInteger(ms % 1000 * 1000);
  }

  static void shutdown(CommandContext ctx, Args args, ReplyWriter reply) {
    var options = new TreeSet<String>();
    for (int i = 1; i < args.count(); i++) {
      options.add(args.latin(i).toUpperCase(Locale.ROOT));
    }
    boolean abort = options.contains("ABORT");
    if (!SHUTDOWN_OPTIONS.containsAll(options)
        || abort && options.size() > 1
        || options.contains("SAVE") && options.contains("NOSAVE")) {
      throw CommandException.SYNTAX;
    }
    if (abort) {
      throw CommandException.error("No shutdown in progress.");
    }
    ctx.session().closeAfterReply();
    ctx.afterwards(() -> ctx.server().engine().shutdown());
  }
}
