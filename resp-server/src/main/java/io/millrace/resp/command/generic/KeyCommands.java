package io.millrace.resp.command.generic;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;

/** Removing and looking at keys. */
final class KeyCommands {
  private KeyCommands() {}

  static void del(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() > 2) {
      // All keys are found first: an entry that must be loaded shows before anything has changed.
      for (int i = 1; i < args.count(); i++) {
        ctx.open(args, i);
      }
    }
    int removed = 0;
    for (int i = 1; i < args.count(); i++) {
      var key = ctx.open(args, i);
      if (key.found() && key.deleteAloud()) {
        removed++;
      }
    }
    reply.integer(removed);
  }

  static void exists(CommandContext ctx, Args args, ReplyWriter reply) {
    int count = 0;
    for (int i = 1; i < args.count(); i++) {
      if (ctx.read(args, i).found()) {
        count++;
      }
    }
    reply.integer(count);
  }

  static void touch(CommandContext ctx, Args args, ReplyWriter reply) {
    int count = 0;
    for (int i = 1; i < args.count(); i++) {
      var key = ctx.read(args, i);
      if (key.found()) {
        if (ctx.session().noTouch()) {
          key.used();
        }
        count++;
      }
    }
    reply.integer(count);
  }

  static void type(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    if (!key.found()) {
      key.event(KeyspaceEvents.KEY_MISS, "keymiss");
    }
    reply.simple(key.found() ? key.type().name() : "none");
  }
}
