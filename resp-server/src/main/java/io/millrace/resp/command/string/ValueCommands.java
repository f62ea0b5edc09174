package io.millrace.resp.command.string;

import io.millrace.engine.state.HotPath;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.ExpireTime;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** Getting and setting whole strings. */
@HotPath(benchmark = "KeyspaceBenchmark")
final class ValueCommands {
  private ValueCommands() {}

  static void get(CommandContext ctx, Args args, ReplyWriter reply) {
    answer(ctx.read(args, 1), reply);
  }

  private static void answer(Key key, ReplyWriter reply) {
    if (key.require(Kinds.STRING)) {
      reply.bulk(key.ref.array, key.ref.offset, key.ref.length);
    } else {
      reply.nil();
    }
  }

  private static void put(Key key, Args args, int i, long expireAtMs) {
    key.put(Kinds.STRING, expireAtMs, args.array(), args.offset(i), args.length(i));
    key.event(KeyspaceEvents.STRING, "set");
  }

  private static void missed(Key key) {
    if (!key.found()) {
      key.event(KeyspaceEvents.KEY_MISS, "keymiss");
    }
  }

  static void set(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() == 3) {
      put(ctx.open(args, 1), args, 2, 0);
      reply.ok();
      return;
    }
    var options = SetOptions.parse(args, 3, true);
    long given = options.expireAtMs(ctx, args, "set");
    var key = ctx.open(args, 1);
    boolean exists = key.found();
    if (options.get()) {
      missed(key);
      answer(key, reply);
    }
    if (options.onlyNew() && exists || options.onlyOld() && !exists) {
      if (!options.get()) {
        reply.nil();
      }
      return;
    }
    long expireAt = options.keepTtl() && exists ? key.ref.expireAtMs : given;
    put(key, args, 2, expireAt);
    if (given != 0) {
      key.event(KeyspaceEvents.GENERIC, "expire");
    }
    if (!options.get()) {
      reply.ok();
    }
  }

  static void setEx(CommandContext ctx, Args args, ReplyWriter reply) {
    setWithLife(ctx, args, reply, true, "setex");
  }

  static void psetEx(CommandContext ctx, Args args, ReplyWriter reply) {
    setWithLife(ctx, args, reply, false, "psetex");
  }

  private static void setWithLife(
      CommandContext ctx, Args args, ReplyWriter reply, boolean seconds, String name) {
    long expireAt = ExpireTime.positive(ctx, args, 2, seconds, true, name);
    var key = ctx.open(args, 1);
    put(key, args, 3, expireAt);
    key.event(KeyspaceEvents.GENERIC, "expire");
    reply.ok();
  }

  static void setNx(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    boolean exists = key.found();
    if (!exists) {
      put(key, args, 2, 0);
    }
    reply.integer(exists ? 0 : 1);
  }

  static void getSet(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    missed(key);
    answer(key, reply);
    put(key, args, 2, 0);
  }

  static void getDel(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.read(args, 1);
    answer(key, reply);
    key.deleteAloud();
  }

  static void getEx(CommandContext ctx, Args args, ReplyWriter reply) {
    var options = SetOptions.parse(args, 2, false);
    var key = ctx.read(args, 1);
    answer(key, reply);
    if (!key.found()) {
      return;
    }
    long expireAt = options.expireAtMs(ctx, args, "getex");
    if (options.persist()) {
      if (key.ref.expireAtMs != 0) {
        key.expireAt(0);
        key.event(KeyspaceEvents.GENERIC, "persist");
      }
    } else if (expireAt != 0) {
      if (expireAt <= ctx.stampMs()) {
        key.deleteAloud();
      } else {
        key.expireAt(expireAt);
        key.event(KeyspaceEvents.GENERIC, "expire");
      }
    }
  }

  static void mget(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.array(args.count() - 1);
    for (int i = 1; i < args.count(); i++) {
      var key = ctx.read(args, i);
      if (key.found() && Kinds.type(key.ref.kind) == 0) {
        reply.bulk(key.ref.array, key.ref.offset, key.ref.length);
      } else {
        reply.nil();
      }
    }
  }

  static void mset(CommandContext ctx, Args args, ReplyWriter reply) {
    requirePairs(args, "mset");
    putAll(ctx, args);
    reply.ok();
  }

  static void msetNx(CommandContext ctx, Args args, ReplyWriter reply) {
    requirePairs(args, "msetnx");
    boolean free = true;
    for (int i = 1; i < args.count(); i += 2) {
      free &= !ctx.open(args, i).found();
    }
    if (free) {
      putAll(ctx, args);
    }
    reply.integer(free ? 1 : 0);
  }

  private static void requirePairs(Args args, String name) {
    if (args.count() % 2 == 0) {
      throw CommandException.error("wrong number of arguments for '" + name + "' command");
    }
  }

  private static void putAll(CommandContext ctx, Args args) {
    // All keys are found first: an entry that must be loaded shows before anything has changed.
    for (int i = 1; i < args.count(); i += 2) {
      ctx.open(args, i);
    }
    for (int i = 1; i < args.count(); i += 2) {
      put(ctx.open(args, i), args, i + 1, 0);
    }
  }
}
