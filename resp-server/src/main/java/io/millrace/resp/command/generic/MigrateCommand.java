package io.millrace.resp.command.generic;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.Parked;
import io.millrace.resp.dump.ValueDumper;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;

/**
 * MIGRATE, in two runs of the command. The first dumps the keys, starts to send them on a thread of
 * its own and parks the client; the second removes what the target has confirmed, unless it was
 * changed meanwhile. Only the second changes anything; its record says DEL.
 */
final class MigrateCommand {
  private MigrateCommand() {}

  static void migrate(CommandContext ctx, Args args, ReplyWriter reply) {
    if (ctx.session().parked() instanceof Transfer transfer) {
      end(ctx, transfer, reply);
      ctx.afterwards(() -> {
        transfer.forget(ctx.keyspace().watches());
        ctx.session().parked(null);
      });
    } else {
      begin(ctx, args, reply);
    }
  }

  private static void begin(CommandContext ctx, Args args, ReplyWriter reply) {
    var options = MigrateOptions.parse(args);
    int port =
        args.isInteger(2) && args.integer(2) > 0 && args.integer(2) < 1 << 16
            ? (int) args.integer(2)
            : 0;
    var transfer = new Transfer(args.latin(1), port, options, ctx.stampMs());
    for (int i = options.firstKey(); i < options.firstKey() + options.keys(); i++) {
      var key = ctx.read(args, i);
      if (key.found()) {
        var payload = ValueDumper.dump(ctx.keyspace(), key);
        transfer.add(key, payload);
      }
    }
    if (transfer.keys().isEmpty()) {
      reply.simple("NOKEY");
      return;
    }
    transfer.watch(ctx.keyspace().watches());
    ctx.session().parked(transfer);
    throw new Parked(transfer.start());
  }

  private static void end(CommandContext ctx, Transfer transfer, ReplyWriter reply) {
    boolean changed = false;
    for (var sent : transfer.keys()) {
      if (sent.stored() && !transfer.options().copy()) {
        changed |= !remove(ctx, sent);
      }
    }
    var error = transfer.error();
    if (error != null) {
      reply.error(error);
    } else if (changed) {
      reply.error("ERR a key was changed while it was sent: it is on both servers");
    } else {
      reply.ok();
    }
  }

  /** Removes a key that is still what was sent; false when it is something else by now. */
  private static boolean remove(CommandContext ctx, Transfer.Sent sent) {
    var key = ctx.open(0, ctx.database(), sent.key, 0, sent.key.length);
    if (!key.found()) {
      return true;
    }
    if (sent.changed()) {
      return false;
    }
    key.deleteAloud();
    var effect = ctx.effect(2);
    effect.argument("DEL");
    effect.argument(sent.key, 0, sent.key.length);
    return true;
  }
}
