package io.millrace.resp.command.zset;

import static io.millrace.resp.command.spec.Flag.READONLY;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.HashScan;
import io.millrace.resp.command.args.RandomRanks;
import io.millrace.resp.command.args.ScanOptions;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.util.List;

/** Commands that answer some members of a sorted set: random ones, or part by part. */
public final class ZSamples {
  private final ZSetValue set = new ZSetValue();
  private final RandomRanks random = new RandomRanks();

  private ZSamples() {}

  /** All of them. */
  public static List<Command> all() {
    var samples = new ZSamples();
    return List.of(
        Command.named("ZRANDMEMBER")
            .in(Group.SORTED_SET)
            .since("6.2.0")
            .summary("Answers random members of a sorted set.")
            .complexity("O(N) with N members answered")
            .flags(READONLY)
            .keys(KeySpec.at(1).reads())
            .args(
                Arg.key(),
                Arg.block(
                        "options",
                        Arg.integer("count"),
                        Arg.word("withscores", "WITHSCORES").maybe())
                    .maybe())
            .tips("nondeterministic_output")
            .runs(samples::zrandmember),
        HashScan.command(
                Group.SORTED_SET,
                "ZSCAN",
                "Answers members and scores of a sorted set part by part.")
            .runs(samples::zscan));
  }

  private void zrandmember(CommandContext ctx, Args args, ReplyWriter reply) {
    boolean counted = args.count() > 2;
    long count = counted ? RandomRanks.count(args, 2) : 1;
    boolean withScores = args.count() > 3;
    if (args.count() > 4 || withScores && !args.is(3, "WITHSCORES")) {
      throw CommandException.SYNTAX;
    }
    if (withScores && (count < -(Long.MAX_VALUE / 2) || count > Long.MAX_VALUE / 2)) {
      throw CommandException.error("value is out of range");
    }
    Key key = ctx.read(args, 1);
    boolean found = key.require(Kinds.ZSET);
    if (!counted && !found) {
      reply.nil();
      return;
    }
    if (!found || count == 0) {
      reply.array(0);
      return;
    }
    ZSetValue from = set.open(key);
    if (counted) {
      Scores.begin(reply, RandomRanks.number(from.size(), count), withScores);
    }
    Cursor cursor = from.order().cursor();
    random.choose(
        from.size(),
        counted ? count : -1,
        rank -> {
          cursor.seekRank(rank);
          Scores.member(
              reply,
              cursor.array(),
              ZSetKey.offset(cursor),
              ZSetKey.length(cursor),
              ZSetKey.score(cursor),
              withScores);
        });
  }

  private void zscan(CommandContext ctx, Args args, ReplyWriter reply) {
    long from = ScanOptions.cursor(args, 2);
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.ZSET)) {
      HashScan.replyNothing(reply);
      return;
    }
    var options = ScanOptions.parse(args, 3, false);
    ZSetValue all = set.open(key);
    if (all.isSmall()) {
      scanSmall(all, options, reply);
      return;
    }
    HashScan.reply(
        all.byMember(),
        from,
        options,
        2,
        (at, to) -> {
          int length = at.keyLength() - ZSetKey.HASH;
          to.bulk(at.array(), at.keyOffset() + ZSetKey.HASH, length);
          to.bulk(Numbers.formatDouble(ZSetKey.memberScore(at)));
        },
        reply);
  }

  private static void scanSmall(ZSetValue all, ScanOptions options, ReplyWriter reply) {
    reply.array(2);
    reply.bulkInteger(0);
    int mark = reply.size();
    int shown = 0;
    Cursor cursor = all.order().cursor();
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      int offset = ZSetKey.offset(cursor);
      int length = ZSetKey.length(cursor);
      if (options.matches(cursor.array(), offset, length)) {
        reply.bulk(cursor.array(), offset, length);
        reply.bulk(Numbers.formatDouble(ZSetKey.score(cursor)));
        shown += 2;
      }
    }
    reply.wrapArray(mark, shown);
  }
}
