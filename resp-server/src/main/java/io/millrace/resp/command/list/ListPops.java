package io.millrace.resp.command.list;

import static io.millrace.resp.command.spec.Flag.BLOCKING;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.PageTree;
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
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.TreeValue;
import java.util.List;

/** Commands that pop from the first of several lists that has elements, waiting or not. */
public final class ListPops {
  private final TreeValue lists = ListType.view();

  private ListPops() {}

  /** All of them. */
  public static List<Command> all() {
    var pops = new ListPops();
    return List.of(
        several("LMPOP", "Pops elements of the first list that has some.")
            .keys(KeySpec.countedAt(1).with("RW", "ACCESS", "DELETE"))
            .args(numkeys(), Arg.key().many(), where(), count())
            .runs((ctx, args, reply) -> pops.lmpop(ctx, args, reply, 1)),
        several("BLMPOP", "Pops elements of the first list that has some; waits for one.")
            .flags(BLOCKING)
            .logs(Logging.EFFECTS)
            .keys(KeySpec.countedAt(2).with("RW", "ACCESS", "DELETE"))
            .args(Arg.number("timeout"), numkeys(), Arg.key().many(), where(), count())
            .runs((ctx, args, reply) -> pops.lmpop(ctx, args, reply, 2)),
        waiting("BLPOP", "Pops the first element of the first list that has one; waits for it.")
            .runs((ctx, args, reply) -> pops.blpop(ctx, args, reply, true)),
        waiting("BRPOP", "Pops the last element of the first list that has one; waits for it.")
            .runs((ctx, args, reply) -> pops.blpop(ctx, args, reply, false)));
  }

  private static Arg numkeys() {
    return Arg.integer("numkeys");
  }

  private static Arg where() {
    return Arg.oneOf("where", Arg.word("left", "LEFT"), Arg.word("right", "RIGHT"));
  }

  private static Arg count() {
    return Arg.integer("count").after("COUNT").maybe();
  }

  private static Command.Builder several(String name, String summary) {
    return Command.named(name)
        .in(Group.LIST)
        .since("7.0.0")
        .summary(summary)
        .complexity("O(N + M) with N keys and M elements popped")
        .flags(WRITE);
  }

  private static Command.Builder waiting(String name, String summary) {
    return Command.named(name)
        .in(Group.LIST)
        .since("2.0.0")
        .summary(summary)
        .complexity("O(N) with N keys")
        .flags(WRITE, BLOCKING)
        .logs(Logging.EFFECTS)
        .keys(KeySpec.at(1).to(-2).with("RW", "ACCESS", "DELETE"))
        .args(Arg.key().many(), Arg.number("timeout"));
  }

  private void blpop(CommandContext ctx, Args args, ReplyWriter reply, boolean first) {
    int last = args.count() - 1;
    long timeoutMs = Timeouts.seconds(args, last, ctx.stampMs());
    for (int i = 1; i < last; i++) {
      Key key = ctx.open(args, i);
      if (key.require(Kinds.LIST)) {
        reply.array(2);
        reply.bulk(args.array(), args.offset(i), args.length(i));
        pop(ctx, key, 1, first, reply);
        return;
      }
    }
    if (ctx.mayWait()) {
      ctx.waitFor(Kinds.LIST, timeoutMs, args, 1, last - 1);
    } else {
      reply.nilArray();
    }
  }

  private void pop(CommandContext ctx, Key key, int n, boolean first, ReplyWriter reply) {
    PageTree tree = lists.open(key);
    ListEnds.pop(tree, n, first, reply);
    key.event(KeyspaceEvents.LIST, first ? "lpop" : "rpop");
    TreeValue.changed(key, tree);
    var effect = ctx.effect(3);
    effect.argument(first ? "LPOP" : "RPOP");
    effect.argument(key.array(), key.offset(), key.length());
    effect.argument(n);
  }

  private void lmpop(CommandContext ctx, Args args, ReplyWriter reply, int countAt) {
    boolean waits = countAt == 2;
    int keys = PopArgs.keys(args, countAt);
    boolean first = ListMoves.left(args, countAt + keys + 1);
    long count = PopArgs.count(args, countAt + keys + 2);
    long timeoutMs = waits ? Timeouts.seconds(args, 1, ctx.stampMs()) : 0;
    for (int i = countAt + 1; i <= countAt + keys; i++) {
      Key key = ctx.open(args, i);
      if (key.require(Kinds.LIST)) {
        int n = (int) Math.min(count, lists.open(key).size());
        reply.array(2);
        reply.bulk(args.array(), args.offset(i), args.length(i));
        reply.array(n);
        pop(ctx, key, n, first, reply);
        return;
      }
    }
    if (waits && ctx.mayWait()) {
      ctx.waitFor(Kinds.LIST, timeoutMs, args, countAt + 1, countAt + keys);
    } else {
      reply.nilArray();
    }
  }
}
