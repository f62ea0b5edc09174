package io.millrace.resp.command.generic;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** Renaming, moving and copying keys. */
final class MoveCommands {
  private MoveCommands() {}

  static void rename(CommandContext ctx, Args args, ReplyWriter reply) {
    rename(ctx, args, false);
    reply.ok();
  }

  static void renameNx(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(rename(ctx, args, true) ? 1 : 0);
  }

  private static boolean rename(CommandContext ctx, Args args, boolean onlyFree) {
    var from = ctx.open(0, args, 1);
    if (!from.found()) {
      throw CommandException.NO_SUCH_KEY;
    }
    var to = ctx.open(1, args, 2);
    if (from.same(to)) {
      return !onlyFree;
    }
    if (onlyFree && to.found()) {
      return false;
    }
    to.delete();
    transfer(from, to);
    from.event(KeyspaceEvents.GENERIC, "rename_from");
    to.event(KeyspaceEvents.GENERIC, "rename_to");
    return true;
  }

  /** Moves a value to a key that does not exist. */
  private static void transfer(Key from, Key to) {
    boolean pagesStay = from.task() == to.task() && from.database() == to.database();
    if (pagesStay || Kinds.type(from.ref.kind) == 0) {
      var value = from.ref.copyValue();
      int kind = from.ref.kind;
      long expireAt = from.ref.expireAtMs;
      from.discard();
      from.changed();
      to.put(kind, expireAt, value, 0, value.length);
    } else {
      from.type().copy(from, to, from.ref.expireAtMs);
      from.delete();
    }
  }

  private static int database(Args args, int i) {
    if (!args.isInteger(i)) {
      throw CommandException.NOT_AN_INTEGER;
    }
    long index = args.integer(i);
    if (index < 0 || index >= Keyspace.DATABASES) {
      throw CommandException.DB_INDEX;
    }
    return (int) index;
  }

  static void move(CommandContext ctx, Args args, ReplyWriter reply) {
    var target = ctx.keyspace().database(database(args, 2));
    if (target == ctx.database()) {
      throw CommandException.error("source and destination objects are the same");
    }
    var from = ctx.open(0, args, 1);
    var to = ctx.open(1, target, args.array(), args.offset(1), args.length(1));
    if (!from.found() || to.found()) {
      reply.integer(0);
      return;
    }
    to.delete();
    transfer(from, to);
    from.event(KeyspaceEvents.GENERIC, "move_from");
    to.event(KeyspaceEvents.GENERIC, "move_to");
    reply.integer(1);
  }

  static void copy(CommandContext ctx, Args args, ReplyWriter reply) {
    int index = ctx.database().index();
    boolean replace = false;
    for (int i = 3; i < args.count(); i++) {
      if (args.is(i, "REPLACE")) {
        replace = true;
      } else if (args.is(i, "DB") && i + 1 < args.count()) {
        index = database(args, ++i);
      } else {
        throw CommandException.SYNTAX;
      }
    }
    var target = ctx.keyspace().database(index);
    var from = ctx.open(0, args, 1);
    var to = ctx.open(1, target, args.array(), args.offset(2), args.length(2));
    if (from.same(to)) {
      throw CommandException.error("source and destination objects are the same");
    }
    if (!from.found()) {
      from.event(KeyspaceEvents.KEY_MISS, "keymiss");
    }
    if (!from.found() || to.found() && !replace) {
      reply.integer(0);
      return;
    }
    to.delete();
    from.type().copy(from, to, from.ref.expireAtMs);
    to.event(KeyspaceEvents.GENERIC, "copy_to");
    reply.integer(1);
  }
}
