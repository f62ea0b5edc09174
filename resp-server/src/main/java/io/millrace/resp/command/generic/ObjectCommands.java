package io.millrace.resp.command.generic;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import org.jspecify.annotations.Nullable;

/** OBJECT and its subcommands. */
final class ObjectCommands {
  private ObjectCommands() {}

  private static @Nullable Key found(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 2);
    if (!key.found()) {
      reply.nil();
      return null;
    }
    return key;
  }

  static void encoding(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = found(ctx, args, reply);
    if (key != null) {
      reply.bulk(key.encoding());
    }
  }

  static void refCount(CommandContext ctx, Args args, ReplyWriter reply) {
    if (found(ctx, args, reply) != null) {
      reply.integer(1);
    }
  }

  private static boolean countsUse(CommandContext ctx) {
    return ctx.keyspace().clock().counts();
  }

  static void idleTime(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = found(ctx, args, reply);
    if (key == null) {
      return;
    }
    if (countsUse(ctx)) {
      throw CommandException.error(
          "An LFU maxmemory policy is selected, idle time not tracked. Please note that when"
              + " switching between policies at runtime LRU and LFU data will take some time to"
              + " adjust.");
    }
    reply.integer(ctx.keyspace().clock().idle(key.task().lastAccess(key.ref)));
  }

  static void freq(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = found(ctx, args, reply);
    if (key == null) {
      return;
    }
    if (!countsUse(ctx)) {
      throw CommandException.error(
          "An LFU maxmemory policy is not selected, access frequency not tracked. Please note that"
              + " when switching between policies at runtime LRU and LFU data will take some time"
              + " to adjust.");
    }
    reply.integer(ctx.keyspace().clock().frequency(key.task().lastAccess(key.ref)));
  }
}
