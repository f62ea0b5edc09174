package io.millrace.resp.command.transaction;

import static io.millrace.resp.command.spec.Flag.ALLOW_BUSY;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.LOADING;
import static io.millrace.resp.command.spec.Flag.NOSCRIPT;
import static io.millrace.resp.command.spec.Flag.SKIP_SLOWLOG;
import static io.millrace.resp.command.spec.Flag.STALE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.command.spec.Logging;
import io.millrace.resp.keyspace.Watches;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.session.Session;
import io.millrace.resp.session.Transaction;
import java.util.List;

/** MULTI, EXEC, DISCARD, WATCH and UNWATCH. */
public final class TransactionCommands {
  /** All transaction commands. */
  public static final List<Command> ALL =
      List.of(
          command("DISCARD", "2.0.0", "Drops the queued commands.", FAST)
              .runs(TransactionCommands::discard),
          command("EXEC", "1.2.0", "Runs the queued commands at once.", SKIP_SLOWLOG)
              .complexity("Depends on the commands queued")
              .logs(Logging.EFFECTS)
              .runs(TransactionCommands::exec),
          command("MULTI", "1.2.0", "Begins to queue commands.", FAST)
              .runs(TransactionCommands::multi),
          command("UNWATCH", "2.2.0", "Forgets all watched keys.", FAST)
              .runs(TransactionCommands::unwatch),
          command("WATCH", "2.2.0", "Makes EXEC depend on keys staying unchanged.", FAST)
              .complexity("O(1) for every key")
              .keys(KeySpec.at(1).to(-1).looks())
              .args(Arg.key().many())
              .runs(TransactionCommands::watch));

  private TransactionCommands() {}

  private static Command.Builder command(String name, String since, String summary, Flag... flags) {
    return Command.named(name)
        .in(Group.TRANSACTIONS)
        .since(since)
        .summary(summary)
        .flags(NOSCRIPT, LOADING, STALE, ALLOW_BUSY)
        .flags(flags);
  }

  private static void multi(CommandContext ctx, Args args, ReplyWriter reply) {
    if (ctx.session().transaction() != null) {
      throw CommandException.error("MULTI calls can not be nested");
    }
    ctx.session().transaction(new Transaction(ctx.server().memory()));
    reply.ok();
  }

  private static void discard(CommandContext ctx, Args args, ReplyWriter reply) {
    if (ctx.session().transaction() == null) {
      throw CommandException.error("DISCARD without MULTI");
    }
    end(ctx);
    reply.ok();
  }

  private static void end(CommandContext ctx) {
    ctx.session().transaction(null);
    ctx.session().unwatch(ctx.keyspace().watches());
  }

  private static void exec(CommandContext ctx, Args args, ReplyWriter reply) {
    var session = ctx.session();
    var transaction = session.transaction();
    if (transaction == null) {
      throw CommandException.error("EXEC without MULTI");
    }
    if (transaction.aborted()) {
      end(ctx);
      throw new CommandException("EXECABORT Transaction discarded because of previous errors.");
    }
    if (broken(ctx, session)) {
      end(ctx);
      reply.nilArray();
      return;
    }
    // A command that misses an entry leaves here with an exception, and EXEC runs again.
    session.transaction(null);
    boolean complete = false;
    int database = session.database();
    try {
      ctx.runQueued(transaction, reply);
      complete = true;
    } finally {
      if (!complete) {
        session.transaction(transaction);
        session.select(database);
      }
    }
    session.unwatch(ctx.keyspace().watches());
  }

  /** True when a watched key was changed, or has expired since it was watched. */
  private static boolean broken(CommandContext ctx, Session session) {
    boolean broken = session.watchBroken();
    for (var watched : session.watched()) {
      var name = watched.key();
      var bytes = name.bytes();
      var database = ctx.keyspace().database(name.database());
      var key = ctx.open(0, database, bytes, 0, bytes.length);
      broken |= key.expired() && !watched.expired();
    }
    return broken;
  }

  private static void watch(CommandContext ctx, Args args, ReplyWriter reply) {
    var session = ctx.session();
    if (session.transaction() != null) {
      throw CommandException.error("WATCH inside MULTI is not allowed");
    }
    for (int i = 1; i < args.count(); i++) {
      ctx.open(args, i);
    }
    for (int i = 1; i < args.count(); i++) {
      var name = new Watches.Name(ctx.database().index(), args.bytes(i));
      if (session.watched().stream().noneMatch(w -> w.key().equals(name))) {
        boolean expired = ctx.open(args, i).expired();
        ctx.keyspace().watches().add(name, session);
        session.watched().add(new Session.WatchedKey(name, expired));
      }
    }
    reply.ok();
  }

  private static void unwatch(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.session().unwatch(ctx.keyspace().watches());
    reply.ok();
  }
}
