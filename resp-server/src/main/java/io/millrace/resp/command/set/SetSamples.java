package io.millrace.resp.command.set;

import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.ByteStrings;
import io.millrace.resp.command.args.HashScan;
import io.millrace.resp.command.args.PopArgs;
import io.millrace.resp.command.args.RandomRanks;
import io.millrace.resp.command.args.ScanOptions;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.command.spec.Logging;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.HeapShare;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.protocol.RequestEncoder;
import io.millrace.resp.type.SetValue;
import io.millrace.resp.type.TreeValue;
import java.util.List;

/** Commands that answer some members of a set: random ones, or part by part. */
public final class SetSamples {
  private final SetValue set = new SetValue();
  private final RandomRanks random = new RandomRanks();
  private final ByteStrings popped = new ByteStrings();

  private SetSamples() {}

  /** All of them. */
  public static List<Command> all() {
    var samples = new SetSamples();
    return List.of(
        Command.named("SPOP")
            .in(Group.SET)
            .summary("Removes and answers random members of a set.")
            .complexity("O(N) with N members popped")
            .flags(WRITE, FAST)
            .logs(Logging.EFFECTS)
            .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"))
            .args(Arg.key(), Arg.integer("count").maybe())
            .tips("nondeterministic_output")
            .runs(samples::spop),
        Command.named("SRANDMEMBER")
            .in(Group.SET)
            .summary("Answers random members of a set.")
            .complexity("O(N) with N members answered")
            .flags(READONLY)
            .keys(KeySpec.at(1).reads())
            .args(Arg.key(), Arg.integer("count").maybe())
            .tips("nondeterministic_output")
            .runs(samples::srandmember),
        HashScan.command(Group.SET, "SSCAN", "Answers members of a set part by part.")
            .runs(samples::sscan));
  }

  private void spop(CommandContext ctx, Args args, ReplyWriter reply) {
    long count = PopArgs.elements(args);
    boolean counted = args.count() == 3;
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.SET)) {
      if (counted) {
        reply.set(0);
      } else {
        reply.nil();
      }
      return;
    }
    if (count == 0) {
      reply.set(0);
      return;
    }
    SetValue from = set.open(key);
    if (counted) {
      reply.set((int) Math.min(count, from.size()));
    }
    if (count >= from.size()) {
      popAll(ctx, key, from, reply);
    } else {
      popSome(ctx, key, from, (int) count, reply);
    }
  }

  private static void popAll(CommandContext ctx, Key key, SetValue from, ReplyWriter reply) {
    Cursor cursor = from.tree().cursor();
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      reply.bulk(cursor.array(), SetValue.offset(cursor), SetValue.length(cursor));
    }
    key.event(KeyspaceEvents.SET, "spop");
    key.deleteAloud();
    RequestEncoder effect = ctx.effect(2);
    effect.argument("DEL");
    effect.argument(key.array(), key.offset(), key.length());
  }

  private void popSome(CommandContext ctx, Key key, SetValue from, int count, ReplyWriter reply) {
    popped.clear();
    Cursor cursor = from.tree().cursor();
    random.choose(
        from.size(),
        count,
        rank -> {
          cursor.seekRank(rank);
          popped.add(cursor.array(), SetValue.offset(cursor), SetValue.length(cursor));
          HeapShare.require(popped.offset(popped.count()));
        });
    RequestEncoder effect = ctx.effect(2 + count);
    effect.argument("SREM");
    effect.argument(key.array(), key.offset(), key.length());
    for (int i = 0; i < count; i++) {
      byte[] array = popped.array();
      int offset = popped.offset(i);
      int length = popped.length(i);
      reply.bulk(array, offset, length);
      effect.argument(array, offset, length);
      from.remove(array, offset, length);
    }
    key.event(KeyspaceEvents.SET, "spop");
    TreeValue.changed(key, from.tree());
  }

  private void srandmember(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() > 3) {
      throw CommandException.SYNTAX;
    }
    boolean counted = args.count() == 3;
    long count = counted ? RandomRanks.count(args, 2) : 1;
    Key key = ctx.read(args, 1);
    boolean found = key.require(Kinds.SET);
    if (!counted) {
      if (found) {
        member(set.open(key), random.one(set.size()), reply);
      } else {
        reply.nil();
      }
      return;
    }
    if (!found || count == 0) {
      reply.array(0);
      return;
    }
    SetValue from = set.open(key);
    reply.array(RandomRanks.number(from.size(), count));
    random.choose(from.size(), count, rank -> member(from, rank, reply));
  }

  private static void member(SetValue from, long rank, ReplyWriter reply) {
    Cursor cursor = from.tree().cursor();
    cursor.seekRank(rank);
    reply.bulk(cursor.array(), SetValue.offset(cursor), SetValue.length(cursor));
  }

  private void sscan(CommandContext ctx, Args args, ReplyWriter reply) {
    long from = ScanOptions.cursor(args, 2);
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.SET)) {
      HashScan.replyNothing(reply);
      return;
    }
    var options = ScanOptions.parse(args, 3, false);
    HashScan.reply(
        set.open(key).tree(),
        from,
        options,
        1,
        (at, to) -> to.bulk(at.array(), SetValue.offset(at), SetValue.length(at)),
        reply);
  }
}
