package io.millrace.resp.command.hash;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.HashScan;
import io.millrace.resp.command.args.RandomRanks;
import io.millrace.resp.command.args.ScanOptions;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.HashType;

/** Commands on whole hashes. */
final class WholeCommands {
  private WholeCommands() {}

  static void hlen(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(FieldCommands.read(ctx, args) ? FieldCommands.hashes(ctx).size() : 0);
  }

  static void hgetAll(CommandContext ctx, Args args, ReplyWriter reply) {
    if (!FieldCommands.read(ctx, args)) {
      reply.map(0);
      return;
    }
    var hash = FieldCommands.hashes(ctx);
    reply.map((int) hash.size());
    all(hash, reply, true, true);
  }

  static void hkeys(CommandContext ctx, Args args, ReplyWriter reply) {
    list(ctx, args, reply, true);
  }

  static void hvals(CommandContext ctx, Args args, ReplyWriter reply) {
    list(ctx, args, reply, false);
  }

  private static void list(CommandContext ctx, Args args, ReplyWriter reply, boolean fields) {
    if (!FieldCommands.read(ctx, args)) {
      reply.array(0);
      return;
    }
    var hash = FieldCommands.hashes(ctx);
    reply.array((int) hash.size());
    all(hash, reply, fields, !fields);
  }

  private static void all(HashType hash, ReplyWriter reply, boolean fields, boolean values) {
    var cursor = hash.cursor();
    for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
      if (fields) {
        replyField(cursor, reply);
      }
      if (values) {
        reply.bulk(cursor.array(), cursor.valueOffset(), cursor.valueLength());
      }
    }
  }

  private static void replyField(Cursor cursor, ReplyWriter reply) {
    reply.bulk(
        cursor.array(), cursor.keyOffset() + HashType.PREFIX, cursor.keyLength() - HashType.PREFIX);
  }

  static void hrandField(CommandContext ctx, Args args, ReplyWriter reply) {
    var random = new RandomRanks();
    if (args.count() == 2) {
      if (!FieldCommands.read(ctx, args)) {
        reply.nil();
        return;
      }
      var hash = FieldCommands.hashes(ctx);
      hash.cursor().seekRank(random.one(hash.size()));
      replyField(hash.cursor(), reply);
      return;
    }
    long count = RandomRanks.count(args, 2);
    boolean values = args.count() > 3;
    if (args.count() > 4 || values && !args.is(3, "WITHVALUES")) {
      throw CommandException.SYNTAX;
    }
    if (values && (count < -(Long.MAX_VALUE / 2) || count > Long.MAX_VALUE / 2)) {
      throw CommandException.error("value is out of range");
    }
    if (!FieldCommands.read(ctx, args) || count == 0) {
      reply.array(0);
      return;
    }
    replyRandom(FieldCommands.hashes(ctx), count, values, random, reply);
  }

  private static void replyRandom(
      HashType hash, long count, boolean values, RandomRanks random, ReplyWriter reply) {
    long shown = RandomRanks.number(hash.size(), count);
    boolean nested = values && reply.resp3();
    reply.array(values && !nested ? shown * 2 : shown);
    random.choose(hash.size(), count, rank -> replyAt(hash, rank, values, nested, reply));
  }

  private static void replyAt(
      HashType hash, long rank, boolean values, boolean nested, ReplyWriter reply) {
    var cursor = hash.cursor();
    cursor.seekRank(rank);
    if (nested) {
      reply.array(2);
    }
    replyField(cursor, reply);
    if (values) {
      reply.bulk(cursor.array(), cursor.valueOffset(), cursor.valueLength());
    }
  }

  static void hscan(CommandContext ctx, Args args, ReplyWriter reply) {
    long from = ScanOptions.cursor(args, 2);
    if (!FieldCommands.read(ctx, args)) {
      HashScan.replyNothing(reply);
      return;
    }
    var options = ScanOptions.parse(args, 3, false);
    var hash = FieldCommands.hashes(ctx);
    var cursor = hash.cursor();
    long most = hash.small() ? Long.MAX_VALUE : options.count();
    boolean more = from == 0 ? cursor.seekFirst() : cursor.seek(HashScan.start(from), 0, 4, true);
    var found = new ReplyWriter();
    int shown = 0;
    long seen = 0;
    long last = -1;
    while (more) {
      long prefix = HashScan.prefix(cursor);
      if (seen >= most && prefix != last) {
        break;
      }
      seen++;
      last = prefix;
      int at = cursor.keyOffset() + HashType.PREFIX;
      if (options.matches(cursor.array(), at, cursor.keyLength() - HashType.PREFIX)) {
        replyField(cursor, found);
        found.bulk(cursor.array(), cursor.valueOffset(), cursor.valueLength());
        shown += 2;
      }
      more = cursor.next();
    }
    reply.array(2);
    reply.bulkInteger(more ? last + 1 : 0);
    reply.array(shown);
    reply.raw(found.array(), 0, found.size());
  }
}
