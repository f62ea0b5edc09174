package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Syntax;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** DEBUG: tools for tests, off unless enable-debug-command says otherwise. */
final class DebugCommand {
  private DebugCommand() {}

  static void debug(CommandContext ctx, Args args, ReplyWriter reply) {
    if (!ctx.server().settings().value("enable-debug-command").equals("yes")) {
      throw CommandException.error(
          "DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you"
              + " can run it from a local connection, otherwise you need to set this option in the"
              + " configuration file, and then restart the server.");
    }
    if (args.is(1, "SLEEP") && args.count() == 3) {
      sleep(args);
      reply.ok();
    } else if (args.is(1, "OBJECT") && args.count() == 3) {
      object(ctx, args, reply);
    } else if (args.is(1, "SET-ACTIVE-EXPIRE") && args.count() == 3) {
      ctx.server().activeExpire(args.integer(2) != 0);
      reply.ok();
    } else if (args.is(1, "DIGEST") && args.count() == 2) {
      digest(ctx, reply);
    } else if (args.is(1, "STATE-DIGEST") && args.count() == 2) {
      ctx.lookAtAll();
      reply.simple(String.format("%016x", ctx.server().engine().digest()));
    } else if (args.is(1, "JMAP")
        || args.is(1, "CHANGE-REPL-ID")
        || args.is(1, "QUICKLIST-PACKED-THRESHOLD")) {
      reply.ok();
    } else {
      throw Syntax.subcommand(args, "DEBUG");
    }
  }

  private static void sleep(Args args) {
    var seconds = Double.parseDouble(args.latin(2));
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(Math.min(end - System.nanoTime(), 1_000_000));
    }
  }

  private static void object(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 2);
    if (!key.found()) {
      throw CommandException.NO_SUCH_KEY;
    }
    long idle = ctx.keyspace().clock().idle(key.task().lastAccess(key.ref));
    reply.simple(
        "Value at:0x"
            + Integer.toHexString(key.ref.handle)
            + " refcount:1 encoding:"
            + key.encoding()
            + " serializedlength:"
            + key.ref.length
            + " lru:"
            + key.task().lastAccess(key.ref)
            + " lru_seconds_idle:"
            + idle);
  }

  private static void digest(CommandContext ctx, ReplyWriter reply) {
    ctx.lookAtAll();
    long[] sum = {0};
    ctx.execution()
        .readThrough(() -> {
          for (int i = 0; i < ctx.execution().tasks(); i++) {
            sum[0] += ctx.keyspace().digest(i, ctx.stampMs(), ctx.execution());
          }
        });
    reply.simple(String.format("%040x", sum[0]));
  }
}
