package io.millrace.resp.command.zset;

import static io.millrace.resp.command.spec.Flag.BLOCKING;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.PopArgs;
import io.millrace.resp.command.args.Timeouts;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.command.spec.Logging;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.util.List;

/** Commands that pop members with the lowest or highest scores, waiting or not. */
public final class ZPopCommands {
  private enum Shape {
    FLAT,
    PAIRS
  }

  private final ZSetValue set = new ZSetValue();

  private ZPopCommands() {}

  /** All of them. */
  public static List<Command> all() {
    var pops = new ZPopCommands();
    return List.of(
        pop("ZPOPMIN", "Removes and answers the members with the lowest scores.")
            .runs((ctx, args, reply) -> pops.zpop(ctx, args, reply, true)),
        pop("ZPOPMAX", "Removes and answers the members with the highest scores.")
            .runs((ctx, args, reply) -> pops.zpop(ctx, args, reply, false)),
        waiting("BZPOPMIN", "Pops the lowest member of the first sorted set that has one; waits.")
            .runs((ctx, args, reply) -> pops.bzpop(ctx, args, reply, true)),
        waiting("BZPOPMAX", "Pops the highest member of the first sorted set that has one; waits.")
            .runs((ctx, args, reply) -> pops.bzpop(ctx, args, reply, false)),
        several("ZMPOP", "Pops members of the first sorted set that has some.")
            .keys(KeySpec.countedAt(1).with("RW", "ACCESS", "DELETE"))
            .args(Arg.integer("numkeys"), Arg.key().many(), where(), count())
            .runs((ctx, args, reply) -> pops.zmpop(ctx, args, reply, 1)),
        several("BZMPOP", "Pops members of the first sorted set that has some; waits for it.")
            .flags(BLOCKING)
            .logs(Logging.EFFECTS)
            .keys(KeySpec.countedAt(2).with("RW", "ACCESS", "DELETE"))
            .args(Arg.number("timeout"), Arg.integer("numkeys"), Arg.key().many(), where(), count())
            .runs((ctx, args, reply) -> pops.zmpop(ctx, args, reply, 2)));
  }

  private static Arg where() {
    return Arg.oneOf("where", Arg.word("min", "MIN"), Arg.word("max", "MAX"));
  }

  private static Arg count() {
    return Arg.integer("count").after("COUNT").maybe();
  }

  private static Command.Builder pop(String name, String summary) {
    return Command.named(name)
        .in(Group.SORTED_SET)
        .since("5.0.0")
        .summary(summary)
        .complexity("O(M log N) with M members popped")
        .flags(WRITE, FAST)
        .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"))
        .args(Arg.key(), Arg.integer("count").maybe());
  }

  private static Command.Builder waiting(String name, String summary) {
    return Command.named(name)
        .in(Group.SORTED_SET)
        .since("5.0.0")
        .summary(summary)
        .complexity("O(log N)")
        .flags(WRITE, FAST, BLOCKING)
        .logs(Logging.EFFECTS)
        .keys(KeySpec.at(1).to(-2).with("RW", "ACCESS", "DELETE"))
        .args(Arg.key().many(), Arg.number("timeout"));
  }

  private static Command.Builder several(String name, String summary) {
    return Command.named(name)
        .in(Group.SORTED_SET)
        .since("7.0.0")
        .summary(summary)
        .complexity("O(K) + O(M log N) with K keys and M members popped")
        .flags(WRITE);
  }

  private void zpop(CommandContext ctx, Args args, ReplyWriter reply, boolean lowest) {
    long count = PopArgs.elements(args);
    boolean counted = args.count() == 3;
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.ZSET) || count == 0) {
      reply.array(0);
      return;
    }
    long n = Math.min(count, set.open(key).size());
    boolean pairs = counted && reply.resp3();
    reply.array((int) (pairs ? n : 2 * n));
    pop(ctx, key, n, lowest, pairs ? Shape.PAIRS : Shape.FLAT, reply);
  }

  private void bzpop(CommandContext ctx, Args args, ReplyWriter reply, boolean lowest) {
    int last = args.count() - 1;
    long timeoutMs = Timeouts.seconds(args, last, ctx.stampMs());
    for (int i = 1; i < last; i++) {
      Key key = ctx.open(args, i);
      if (key.require(Kinds.ZSET)) {
        reply.array(3);
        reply.bulk(args.array(), args.offset(i), args.length(i));
        set.open(key);
        pop(ctx, key, 1, lowest, Shape.FLAT, reply);
        return;
      }
    }
    if (ctx.mayWait()) {
      ctx.waitFor(Kinds.ZSET, timeoutMs, args, 1, last - 1);
    } else {
      reply.nilArray();
    }
  }

  private void zmpop(CommandContext ctx, Args args, ReplyWriter reply, int countAt) {
    boolean waits = countAt == 2;
    int keys = PopArgs.keys(args, countAt);
    boolean lowest = args.is(countAt + keys + 1, "MIN");
    if (!lowest && !args.is(countAt + keys + 1, "MAX")) {
      throw CommandException.SYNTAX;
    }
    long count = PopArgs.count(args, countAt + keys + 2);
    long timeoutMs = waits ? Timeouts.seconds(args, 1, ctx.stampMs()) : 0;
    for (int i = countAt + 1; i <= countAt + keys; i++) {
      Key key = ctx.open(args, i);
      if (key.require(Kinds.ZSET)) {
        long n = Math.min(count, set.open(key).size());
        reply.array(2);
        reply.bulk(args.array(), args.offset(i), args.length(i));
        reply.array((int) n);
        pop(ctx, key, n, lowest, Shape.PAIRS, reply);
        return;
      }
    }
    if (waits && ctx.mayWait()) {
      ctx.waitFor(Kinds.ZSET, timeoutMs, args, countAt + 1, countAt + keys);
    } else {
      reply.nilArray();
    }
  }

  /** Writes and removes n members of the open set from its lowest or highest end. */
  private void pop(
      CommandContext ctx, Key key, long n, boolean lowest, Shape shape, ReplyWriter reply) {
    Cursor cursor = set.order().cursor();
    boolean on = lowest ? cursor.seekFirst() : cursor.seekLast();
    for (long i = 0; on && i < n; i++) {
      if (shape == Shape.PAIRS) {
        reply.array(2);
      }
      reply.bulk(cursor.array(), ZSetKey.offset(cursor), ZSetKey.length(cursor));
      reply.number(ZSetKey.score(cursor));
      on = lowest ? cursor.next() : cursor.previous();
    }
    var effect = ctx.effect(3);
    effect.argument(lowest ? "ZPOPMIN" : "ZPOPMAX");
    effect.argument(key.array(), key.offset(), key.length());
    effect.argument(n);
    long size = set.size();
    key.event(KeyspaceEvents.ZSET, lowest ? "zpopmin" : "zpopmax");
    if (n == size) {
      key.deleteAloud();
    } else {
      set.removeRange(lowest ? 0 : size - n, lowest ? n : size);
      key.changed();
    }
  }
}
