package io.millrace.resp.command.hash;

import io.millrace.engine.state.HotPath;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.LongDouble;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.HashType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Commands on single fields of a hash. */
@HotPath(benchmark = "KeyspaceBenchmark")
final class FieldCommands {
  private FieldCommands() {}

  static HashType hashes(CommandContext ctx) {
    return (HashType) ctx.keyspace().type(Kinds.HASH);
  }

  /** Opens a hash for reading; false when the key does not exist. */
  static boolean read(CommandContext ctx, Args args) {
    var key = ctx.read(args, 1);
    if (!key.require(Kinds.HASH)) {
      return false;
    }
    hashes(ctx).open(key);
    return true;
  }

  private static boolean find(CommandContext ctx, Args args, int i) {
    return hashes(ctx).find(args.array(), args.offset(i), args.length(i));
  }

  static void hget(CommandContext ctx, Args args, ReplyWriter reply) {
    if (read(ctx, args) && find(ctx, args, 2)) {
      replyValue(hashes(ctx), reply);
    } else {
      reply.nil();
    }
  }

  private static void replyValue(HashType hash, ReplyWriter reply) {
    reply.bulk(hash.array(), hash.valueOffset(), hash.valueLength());
  }

  static void hmget(CommandContext ctx, Args args, ReplyWriter reply) {
    boolean exists = read(ctx, args);
    reply.array(args.count() - 2);
    for (int i = 2; i < args.count(); i++) {
      if (exists && find(ctx, args, i)) {
        replyValue(hashes(ctx), reply);
      } else {
        reply.nil();
      }
    }
  }

  static void hexists(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(read(ctx, args) && find(ctx, args, 2) ? 1 : 0);
  }

  static void hstrlen(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(read(ctx, args) && find(ctx, args, 2) ? hashes(ctx).valueLength() : 0);
  }

  static void hset(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(putAll(ctx, args, "hset"));
  }

  static void hmset(CommandContext ctx, Args args, ReplyWriter reply) {
    putAll(ctx, args, "hmset");
    reply.ok();
  }

  private static int putAll(CommandContext ctx, Args args, String name) {
    if (args.count() % 2 != 0) {
      throw CommandException.error("wrong number of arguments for '" + name + "' command");
    }
    var key = ctx.open(args, 1);
    key.require(Kinds.HASH);
    var hash = hashes(ctx);
    hash.openOrCreate(key);
    expect(hash, args, 2);
    int added = 0;
    for (int i = 2; i < args.count(); i += 2) {
      if (put(hash, key, args, i)) {
        added++;
      }
    }
    key.changed();
    key.event(KeyspaceEvents.HASH, "hset");
    return added;
  }

  /** Looks for all fields before the first is changed: those on disk are loaded together. */
  private static void expect(HashType hash, Args args, int step) {
    if (hash.mostlyCold()) {
      for (int i = 2; i < args.count(); i += step) {
        hash.expect(args.array(), args.offset(i), args.length(i));
      }
      hash.endExpecting();
    }
  }

  private static boolean put(HashType hash, Key key, Args args, int i) {
    return hash.put(
        key,
        args.array(),
        args.offset(i),
        args.length(i),
        args.array(),
        args.offset(i + 1),
        args.length(i + 1));
  }

  static void hsetNx(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    var hash = hashes(ctx);
    if (key.require(Kinds.HASH)) {
      hash.open(key);
      if (find(ctx, args, 2)) {
        reply.integer(0);
        return;
      }
    }
    hash.openOrCreate(key);
    put(hash, key, args, 2);
    key.changed();
    key.event(KeyspaceEvents.HASH, "hset");
    reply.integer(1);
  }

  static void hdel(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    if (!key.require(Kinds.HASH)) {
      reply.integer(0);
      return;
    }
    var hash = hashes(ctx);
    hash.open(key);
    expect(hash, args, 1);
    int removed = 0;
    for (int i = 2; i < args.count(); i++) {
      if (hash.remove(args.array(), args.offset(i), args.length(i))) {
        removed++;
        if (hash.size() == 0) {
          break;
        }
      }
    }
    if (removed > 0) {
      key.event(KeyspaceEvents.HASH, "hdel");
      if (hash.size() == 0) {
        key.deleteAloud();
      } else {
        key.changed();
      }
    }
    reply.integer(removed);
  }

  static void hincrBy(CommandContext ctx, Args args, ReplyWriter reply) {
    long by = args.integer(3);
    var key = ctx.open(args, 1);
    var hash = hashes(ctx);
    long before = 0;
    if (key.require(Kinds.HASH)) {
      hash.open(key);
      if (find(ctx, args, 2)) {
        if (!Numbers.isLong(hash.array(), hash.valueOffset(), hash.valueLength())) {
          throw CommandException.error("hash value is not an integer");
        }
        before = Numbers.parseLong(hash.array(), hash.valueOffset(), hash.valueLength());
      }
    }
    long after = before + by;
    if (((before ^ after) & (by ^ after)) < 0) {
      throw CommandException.error("increment or decrement would overflow");
    }
    hash.openOrCreate(key);
    byte[] text = ctx.numberText();
    int length = Numbers.write(after, text, 0);
    hash.put(key, args.array(), args.offset(2), args.length(2), text, 0, length);
    key.changed();
    key.event(KeyspaceEvents.HASH, "hincrby");
    reply.integer(after);
  }

  static void hincrByFloat(CommandContext ctx, Args args, ReplyWriter reply) {
    var by = increment(args);
    var key = ctx.open(args, 1);
    var hash = hashes(ctx);
    var before = BigDecimal.ZERO;
    if (key.require(Kinds.HASH)) {
      hash.open(key);
      if (find(ctx, args, 2)) {
        before = number(hash);
      }
    }
    var text = LongDouble.format(LongDouble.add(before, by)).getBytes(StandardCharsets.US_ASCII);
    hash.openOrCreate(key);
    hash.put(key, args.array(), args.offset(2), args.length(2), text, 0, text.length);
    key.changed();
    key.event(KeyspaceEvents.HASH, "hincrbyfloat");
    reply.bulk(text);
  }

  private static BigDecimal increment(Args args) {
    try {
      return LongDouble.parse(args.array(), args.offset(3), args.length(3));
    } catch (CommandException wrong) {
      throw wrong == LongDouble.INFINITE
          ? CommandException.error("value is NaN or Infinity")
          : wrong;
    }
  }

  private static BigDecimal number(HashType hash) {
    try {
      return LongDouble.parse(hash.array(), hash.valueOffset(), hash.valueLength());
    } catch (CommandException wrong) {
      throw wrong == LongDouble.INFINITE
          ? wrong
          : CommandException.error("hash value is not a float");
    }
  }
}
