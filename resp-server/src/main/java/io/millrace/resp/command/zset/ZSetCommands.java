package io.millrace.resp.command.zset;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ZSetValue;
import java.util.ArrayList;
import java.util.List;

/** Commands of members of one sorted set. */
public final class ZSetCommands {
  private static final CommandException NAN =
      CommandException.error("resulting score is not a number (NaN)");

  private final ZSetValue set = new ZSetValue();

  private ZSetCommands() {}

  /** All of them. */
  public static List<Command> all() {
    var commands = new ZSetCommands();
    List<Command> all = new ArrayList<>();
    commands.writes(all);
    commands.reads(all);
    commands.counts(all);
    return all;
  }

  private static Command.Builder zset(String name, String since, String summary) {
    return Command.named(name)
        .in(Group.SORTED_SET)
        .since(since)
        .summary(summary)
        .complexity("O(log N)");
  }

  private void writes(List<Command> all) {
    all.add(
        zset("ZADD", "1.2.0", "Adds members to a sorted set, or changes their scores.")
            .flags(WRITE, DENYOOM, FAST)
            .keys(KeySpec.at(1).updates())
            .args(
                Arg.key(),
                Arg.oneOf("condition", Arg.word("nx", "NX"), Arg.word("xx", "XX")).maybe(),
                Arg.oneOf("comparison", Arg.word("gt", "GT"), Arg.word("lt", "LT")).maybe(),
                Arg.word("change", "CH").maybe(),
                Arg.word("increment", "INCR").maybe(),
                Arg.block("data", Arg.number("score"), Arg.string("member")).many())
            .runs((ctx, args, reply) -> add(ctx, args, reply, ZAddOptions.parse(args))));
    all.add(
        zset("ZINCRBY", "1.2.0", "Adds to the score of a member.")
            .flags(WRITE, DENYOOM, FAST)
            .keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE"))
            .args(Arg.key(), Arg.integer("increment"), Arg.string("member"))
            .runs((ctx, args, reply) -> add(ctx, args, reply, ZAddOptions.INCREMENT)));
    all.add(
        zset("ZREM", "1.2.0", "Removes members from a sorted set.")
            .complexity("O(M log N) with M members given")
            .flags(WRITE, FAST)
            .keys(KeySpec.at(1).deletes())
            .args(Arg.key(), Arg.string("member").many())
            .runs(this::remove));
  }

  private void reads(List<Command> all) {
    all.add(
        read("ZCARD", "1.2.0", "Answers the number of members.")
            .complexity("O(1)")
            .args(Arg.key())
            .runs((ctx, args, reply) -> {
              Key key = ctx.read(args, 1);
              reply.integer(key.require(Kinds.ZSET) ? set.open(key).size() : 0);
            }));
    all.add(
        read("ZSCORE", "1.2.0", "Answers the score of a member.")
            .complexity("O(1)")
            .args(Arg.key(), Arg.string("member"))
            .runs(this::score));
    all.add(
        read("ZMSCORE", "6.2.0", "Answers the scores of several members.")
            .args(Arg.key(), Arg.string("member").many())
            .runs(this::scores));
    all.add(
        read("ZRANK", "2.0.0", "Answers the rank of a member, counted from the lowest score.")
            .args(Arg.key(), Arg.string("member"), Arg.word("withscore", "WITHSCORE").maybe())
            .runs((ctx, args, reply) -> rank(ctx, args, reply, false)));
    all.add(
        read("ZREVRANK", "2.0.0", "Answers the rank of a member, counted from the highest score.")
            .args(Arg.key(), Arg.string("member"), Arg.word("withscore", "WITHSCORE").maybe())
            .runs((ctx, args, reply) -> rank(ctx, args, reply, true)));
  }

  private static Command.Builder read(String name, String since, String summary) {
    return zset(name, since, summary).flags(READONLY, FAST).keys(KeySpec.at(1).reads());
  }

  private void counts(List<Command> all) {
    all.add(
        read("ZCOUNT", "2.0.0", "Answers the number of members in a range of scores.")
            .args(Arg.key(), Arg.number("min"), Arg.number("max"))
            .runs(this::count));
    all.add(
        read("ZLEXCOUNT", "2.8.9", "Answers the number of members in a range of members.")
            .args(Arg.key(), Arg.string("min"), Arg.string("max"))
            .runs(this::lexCount));
  }

  private void add(CommandContext ctx, Args args, ReplyWriter reply, ZAddOptions options) {
    int first = options.firstScore();
    int n = (args.count() - first) / 2;
    for (int i = 0; i < n; i++) {
      Scores.parse(args, first + 2 * i);
    }
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.ZSET) && options.existing()) {
      answer(reply, options, false, 0, 0);
      return;
    }
    ZSetValue to = set.openOrCreate(key);
    if (to.mostlyCold()) {
      expect(to, args, first);
    }
    int added = 0;
    int changed = 0;
    boolean processed = false;
    double last = 0;
    for (int i = first; i < args.count(); i += 2) {
      int outcome = addOne(to, args, i, options);
      added += outcome == ADDED ? 1 : 0;
      changed += outcome == CHANGED ? 1 : 0;
      processed = outcome != SKIPPED;
      last = to.score();
    }
    if (added + changed > 0) {
      key.changed();
      key.event(KeyspaceEvents.ZSET, options.increment() ? "zincr" : "zadd");
    }
    answer(reply, options, processed, options.change() ? added + changed : added, last);
  }

  /** Looks for all members before the first is changed: those on disk are loaded together. */
  private static void expect(ZSetValue to, Args args, int first) {
    for (int i = first; i < args.count(); i += 2) {
      double score = Scores.parse(args, i);
      to.expect(args.array(), args.offset(i + 1), args.length(i + 1), score);
    }
    to.endExpecting();
  }

  private static final int SKIPPED = 0;
  private static final int SAME = 1;
  private static final int CHANGED = 2;
  private static final int ADDED = 3;

  /** Adds one member; the view's score is its score afterwards. */
  private static int addOne(ZSetValue to, Args args, int i, ZAddOptions options) {
    double score = Scores.parse(args, i);
    byte[] array = args.array();
    int offset = args.offset(i + 1);
    int length = args.length(i + 1);
    if (!to.find(array, offset, length)) {
      if (options.existing()) {
        return SKIPPED;
      }
      to.add(array, offset, length, score);
      to.score(score);
      return ADDED;
    }
    if (options.absent()) {
      return SKIPPED;
    }
    double current = to.score();
    double next = options.increment() ? score + current : score;
    if (Double.isNaN(next)) {
      throw NAN;
    }
    if (options.lower() && next >= current || options.greater() && next <= current) {
      return SKIPPED;
    }
    if (next == current) {
      return SAME;
    }
    to.update(array, offset, length, next);
    to.score(next);
    return CHANGED;
  }

  private static void answer(
      ReplyWriter reply, ZAddOptions options, boolean processed, int count, double score) {
    if (!options.increment()) {
      reply.integer(count);
    } else if (processed) {
      reply.number(score);
    } else {
      reply.nil();
    }
  }

  private void remove(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.open(args, 1);
    int removed = 0;
    if (key.require(Kinds.ZSET)) {
      ZSetValue from = set.open(key);
      if (from.mostlyCold()) {
        for (int i = 2; i < args.count(); i++) {
          from.expect(args.array(), args.offset(i), args.length(i));
        }
        from.endExpecting();
      }
      for (int i = 2; i < args.count() && from.size() > 0; i++) {
        if (from.remove(args.array(), args.offset(i), args.length(i))) {
          removed++;
        }
      }
      if (removed > 0) {
        key.event(KeyspaceEvents.ZSET, "zrem");
        from.changed(key);
      }
    }
    reply.integer(removed);
  }

  private boolean found(Key key, Args args, int i) {
    return key.require(Kinds.ZSET)
        && set.open(key).find(args.array(), args.offset(i), args.length(i));
  }

  private void score(CommandContext ctx, Args args, ReplyWriter reply) {
    if (found(ctx.read(args, 1), args, 2)) {
      reply.number(set.score());
    } else {
      reply.nil();
    }
  }

  private void scores(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.read(args, 1);
    key.require(Kinds.ZSET);
    reply.array(args.count() - 2);
    for (int i = 2; i < args.count(); i++) {
      if (found(key, args, i)) {
        reply.number(set.score());
      } else {
        reply.nil();
      }
    }
  }

  private void rank(CommandContext ctx, Args args, ReplyWriter reply, boolean reverse) {
    boolean withScore = args.count() > 3;
    if (args.count() > 4) {
      throw CommandException.error(
          "wrong number of arguments for '" + (reverse ? "zrevrank" : "zrank") + "' command");
    }
    if (withScore && !args.is(3, "WITHSCORE")) {
      throw CommandException.SYNTAX;
    }
    if (!found(ctx.read(args, 1), args, 2)) {
      if (withScore) {
        reply.nilArray();
      } else {
        reply.nil();
      }
      return;
    }
    double score = set.score();
    long rank = set.rankOfFound(args.array(), args.offset(2), args.length(2));
    if (withScore) {
      reply.array(2);
    }
    reply.integer(reverse ? set.size() - 1 - rank : rank);
    if (withScore) {
      reply.number(score);
    }
  }

  private void count(CommandContext ctx, Args args, ReplyWriter reply) {
    Scores.checkBound(args, 2);
    Scores.checkBound(args, 3);
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.ZSET)) {
      reply.integer(0);
      return;
    }
    set.open(key);
    long from = Scores.lowerRank(set, args, 2);
    reply.integer(Math.max(0, Scores.upperRank(set, args, 3) - from));
  }

  private void lexCount(CommandContext ctx, Args args, ReplyWriter reply) {
    Scores.checkLex(args, 2);
    Scores.checkLex(args, 3);
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.ZSET)) {
      reply.integer(0);
      return;
    }
    set.open(key);
    reply.integer(Scores.lexRanks(set, args, 2, 3, false).count());
  }
}
