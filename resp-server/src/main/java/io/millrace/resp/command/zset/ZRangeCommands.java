package io.millrace.resp.command.zset;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.ByteStrings;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Ranges of sorted sets: answered, stored, removed. */
public final class ZRangeCommands {
  private final ZSetValue set = new ZSetValue();
  private final ZSetValue target = new ZSetValue();
  private final ByteStrings members = new ByteStrings();

  private ZRangeCommands() {}

  /** All of them. */
  public static List<Command> all() {
    var ranges = new ZRangeCommands();
    List<Command> all = new ArrayList<>();
    ranges.general(all);
    ranges.older(all);
    ranges.removals(all);
    return all;
  }

  private static Command.Builder zset(String name, String since, String summary) {
    return Command.named(name)
        .in(Group.SORTED_SET)
        .since(since)
        .summary(summary)
        .complexity("O(log N + M) with M members in the range");
  }

  private static Arg limit() {
    return Arg.block("limit", Arg.integer("offset"), Arg.integer("count")).after("LIMIT").maybe();
  }

  private static Arg withScores() {
    return Arg.word("withscores", "WITHSCORES").maybe();
  }

  private void general(List<Command> all) {
    var by = Arg.oneOf("sortby", Arg.word("byscore", "BYSCORE"), Arg.word("bylex", "BYLEX"));
    var rev = Arg.word("rev", "REV").maybe();
    all.add(
        zset("ZRANGE", "1.2.0", "Answers a range of members, by rank, score or member.")
            .flags(READONLY)
            .keys(KeySpec.at(1).reads())
            .args(
                Arg.key(),
                Arg.string("start"),
                Arg.string("stop"),
                by.maybe(),
                rev,
                limit(),
                withScores())
            .runs((ctx, args, reply) -> range(ctx, args, reply, RangeQuery.open(args, 2, false))));
    all.add(
        zset("ZRANGESTORE", "6.2.0", "Stores a range of members of a sorted set in another.")
            .flags(WRITE, DENYOOM)
            .keys(KeySpec.at(1).overwrites(), KeySpec.at(2).reads())
            .args(
                Arg.key("dst", 0),
                Arg.key("src", 1),
                Arg.string("min"),
                Arg.string("max"),
                by.maybe(),
                rev,
                limit())
            .runs(this::store));
  }

  private void older(List<Command> all) {
    all.add(
        ranks("ZREVRANGE", "Answers a range of members by rank from the highest score down.")
            .args(Arg.key(), Arg.integer("start"), Arg.integer("stop"), withScores())
            .runs(fixed(RangeQuery.By.RANK, true)));
    all.add(
        ranks("ZRANGEBYSCORE", "Answers the members in a range of scores.")
            .args(Arg.key(), Arg.number("min"), Arg.number("max"), withScores(), limit())
            .runs(fixed(RangeQuery.By.SCORE, false)));
    all.add(
        ranks("ZREVRANGEBYSCORE", "Answers the members in a range of scores, highest first.")
            .args(Arg.key(), Arg.number("max"), Arg.number("min"), withScores(), limit())
            .runs(fixed(RangeQuery.By.SCORE, true)));
    all.add(
        ranks("ZRANGEBYLEX", "Answers the members in a range of members of equal scores.")
            .args(Arg.key(), Arg.string("min"), Arg.string("max"), limit())
            .runs(fixed(RangeQuery.By.LEX, false)));
    all.add(
        ranks("ZREVRANGEBYLEX", "Answers the members in a range of members, last first.")
            .args(Arg.key(), Arg.string("max"), Arg.string("min"), limit())
            .runs(fixed(RangeQuery.By.LEX, true)));
  }

  private static Command.Builder ranks(String name, String summary) {
    return zset(name, "2.2.0", summary).flags(READONLY).keys(KeySpec.at(1).reads());
  }

  private io.millrace.resp.command.Handler fixed(RangeQuery.By by, boolean reverse) {
    return (ctx, args, reply) -> range(ctx, args, reply, RangeQuery.fixed(args, by, reverse));
  }

  private void removals(List<Command> all) {
    all.add(
        removal("ZREMRANGEBYRANK", "Removes the members in a range of ranks.", "start", "stop")
            .runs((ctx, args, reply) -> remove(ctx, args, reply, RangeQuery.By.RANK)));
    all.add(
        removal("ZREMRANGEBYSCORE", "Removes the members in a range of scores.", "min", "max")
            .runs((ctx, args, reply) -> remove(ctx, args, reply, RangeQuery.By.SCORE)));
    all.add(
        removal("ZREMRANGEBYLEX", "Removes the members in a range of members.", "min", "max")
            .runs((ctx, args, reply) -> remove(ctx, args, reply, RangeQuery.By.LEX)));
  }

  private static Command.Builder removal(String name, String summary, String first, String second) {
    return zset(name, "1.2.0", summary)
        .flags(WRITE)
        .keys(KeySpec.at(1).deletes())
        .args(Arg.key(), Arg.string(first), Arg.string(second));
  }

  private void range(CommandContext ctx, Args args, ReplyWriter reply, RangeQuery query) {
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.ZSET)) {
      reply.array(0);
      return;
    }
    ZSetValue from = set.open(key);
    Scores.Ranks ranks = query.ranks(from);
    long n = ranks.to() - ranks.from();
    Scores.begin(reply, n, query.withScores());
    Cursor cursor = from.order().cursor();
    cursor.seekRank(query.reverse() ? ranks.to() - 1 : ranks.from());
    for (long i = 0; i < n; i++) {
      Scores.member(
          reply,
          cursor.array(),
          ZSetKey.offset(cursor),
          ZSetKey.length(cursor),
          query.withScores() ? ZSetKey.score(cursor) : 0,
          query.withScores());
      if (query.reverse()) {
        cursor.previous();
      } else {
        cursor.next();
      }
    }
  }

  private void store(CommandContext ctx, Args args, ReplyWriter reply) {
    RangeQuery query = RangeQuery.open(args, 3, true);
    Key source = ctx.read(1, args, 2);
    members.clear();
    double[] scores = new double[0];
    if (source.require(Kinds.ZSET)) {
      scores = collect(set.open(source), query.ranks(set));
    }
    Key key = ctx.open(0, args, 1);
    boolean existed = key.clear();
    if (scores.length > 0) {
      ZSetValue to = target.openOrCreate(key);
      for (int i = 0; i < scores.length; i++) {
        to.addNew(members.array(), members.offset(i), members.length(i), scores[i]);
      }
      key.changed();
      key.event(KeyspaceEvents.ZSET, "zrangestore");
    } else if (existed) {
      key.event(KeyspaceEvents.GENERIC, "del");
    }
    reply.integer(scores.length);
  }

  private double[] collect(ZSetValue from, Scores.Ranks ranks) {
    int n = (int) (ranks.to() - ranks.from());
    double[] scores = new double[n];
    Cursor cursor = from.order().cursor();
    boolean on = cursor.seekRank(ranks.from());
    for (int i = 0; on && i < n; i++) {
      members.add(cursor.array(), ZSetKey.offset(cursor), ZSetKey.length(cursor));
      scores[i] = ZSetKey.score(cursor);
      on = cursor.next();
    }
    return scores;
  }

  private void remove(CommandContext ctx, Args args, ReplyWriter reply, RangeQuery.By by) {
    RangeQuery query = RangeQuery.ends(args, by);
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.ZSET)) {
      reply.integer(0);
      return;
    }
    ZSetValue from = set.open(key);
    Scores.Ranks ranks = query.ranks(from);
    long n = ranks.to() - ranks.from();
    if (n > 0) {
      key.event(KeyspaceEvents.ZSET, "zremrangeby" + by.name().toLowerCase(Locale.ROOT));
    }
    if (n > 0 && n == from.size()) {
      key.deleteAloud();
    } else if (n > 0) {
      from.removeRange(ranks.from(), ranks.to());
      key.changed();
    }
    reply.integer(n);
  }
}
