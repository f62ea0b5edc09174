package io.millrace.resp.command.list;

import static io.millrace.resp.command.spec.Flag.BLOCKING;
import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.PageTree;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
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
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.TreeValue;
import java.util.List;

/** Commands that move an element from one list to another, waiting for it or not. */
public final class ListMoves {
  private final TreeValue from = ListType.view();
  private final TreeValue to = ListType.view();

  private ListMoves() {}

  /** All of them. */
  public static List<Command> all() {
    var moves = new ListMoves();
    return List.of(
        move("LMOVE", "6.2.0", "Moves an element from one end of a list to an end of another.")
            .args(source(), destination(), side("wherefrom"), side("whereto"))
            .runs(moves::lmove),
        move("RPOPLPUSH", "1.2.0", "Moves the last element of a list to the start of another.")
            .args(source(), destination())
            .runs((ctx, args, reply) -> moves.move(ctx, args, reply, false, true, false)),
        waiting("BLMOVE", "6.2.0", "Moves an element from list to list; waits for one.")
            .args(
                source(), destination(), side("wherefrom"), side("whereto"), Arg.number("timeout"))
            .runs(moves::blmove),
        waiting("BRPOPLPUSH", "2.2.0", "Moves the last element to the start; waits for one.")
            .args(source(), destination(), Arg.number("timeout"))
            .runs((ctx, args, reply) -> moves.orWait(ctx, args, reply, false, true, 3)));
  }

  private static Arg source() {
    return Arg.key("source", 0);
  }

  private static Arg destination() {
    return Arg.key("destination", 1);
  }

  private static Arg side(String name) {
    return Arg.oneOf(name, Arg.word("left", "LEFT"), Arg.word("right", "RIGHT"));
  }

  private static Command.Builder move(String name, String since, String summary) {
    return Command.named(name)
        .in(Group.LIST)
        .since(since)
        .summary(summary)
        .flags(WRITE, DENYOOM)
        .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"), KeySpec.at(2).inserts());
  }

  private static Command.Builder waiting(String name, String since, String summary) {
    return move(name, since, summary).flags(BLOCKING).logs(Logging.EFFECTS);
  }

  /** True for LEFT, false for RIGHT. */
  static boolean left(Args args, int i) {
    if (i < args.count()) {
      if (args.is(i, "LEFT")) {
        return true;
      }
      if (args.is(i, "RIGHT")) {
        return false;
      }
    }
    throw CommandException.SYNTAX;
  }

  private void lmove(CommandContext ctx, Args args, ReplyWriter reply) {
    boolean fromLeft = left(args, 3);
    move(ctx, args, reply, fromLeft, left(args, 4), false);
  }

  private void blmove(CommandContext ctx, Args args, ReplyWriter reply) {
    boolean fromLeft = left(args, 3);
    orWait(ctx, args, reply, fromLeft, left(args, 4), 5);
  }

  private void orWait(
      CommandContext ctx,
      Args args,
      ReplyWriter reply,
      boolean fromLeft,
      boolean toLeft,
      int timeoutAt) {
    long timeoutMs = Timeouts.seconds(args, timeoutAt, ctx.stampMs());
    if (ctx.open(args, 1).found() || !ctx.mayWait()) {
      move(ctx, args, reply, fromLeft, toLeft, true);
    } else {
      ctx.waitFor(Kinds.LIST, timeoutMs, args, 1, 1);
    }
  }

  private void move(
      CommandContext ctx,
      Args args,
      ReplyWriter reply,
      boolean fromLeft,
      boolean toLeft,
      boolean asEffect) {
    Key source = ctx.open(0, args, 1);
    if (!source.require(Kinds.LIST)) {
      reply.nil();
      return;
    }
    boolean same = args.same(1, 2);
    Key target = same ? source : ctx.open(1, args, 2);
    target.require(Kinds.LIST);
    PageTree taken = from.open(source);
    byte[] element = ListEnds.peek(taken, fromLeft);
    taken.removeFound();
    boolean emptied = !same && taken.size() == 0;
    if (same) {
      ListEnds.push(taken, element, toLeft);
      source.changed();
    } else {
      if (emptied) {
        source.delete();
      } else {
        source.changed();
      }
      ListEnds.push(to.openOrCreate(target), element, toLeft);
      target.changed();
    }
    target.event(KeyspaceEvents.LIST, toLeft ? "lpush" : "rpush");
    source.event(KeyspaceEvents.LIST, fromLeft ? "lpop" : "rpop");
    if (emptied) {
      source.event(KeyspaceEvents.GENERIC, "del");
    }
    if (asEffect) {
      var effect = ctx.effect(5);
      effect.argument("LMOVE");
      effect.argument(args.array(), args.offset(1), args.length(1));
      effect.argument(args.array(), args.offset(2), args.length(2));
      effect.argument(fromLeft ? "LEFT" : "RIGHT");
      effect.argument(toLeft ? "LEFT" : "RIGHT");
    }
    reply.bulk(element);
  }
}
