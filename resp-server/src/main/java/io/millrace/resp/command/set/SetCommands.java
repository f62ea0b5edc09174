package io.millrace.resp.command.set;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.SetValue;
import io.millrace.resp.type.TreeValue;
import java.util.List;

/** Commands of single sets. */
public final class SetCommands {
  private final SetValue set = new SetValue();
  private final SetValue other = new SetValue();

  private SetCommands() {}

  /** All of them. */
  public static List<Command> all() {
    var commands = new SetCommands();
    return List.of(
        commands.sadd(),
        commands.srem(),
        commands.smove(),
        commands.scard(),
        commands.sismember(),
        commands.smismember(),
        commands.smembers());
  }

  private static Command.Builder set(String name, String summary) {
    return Command.named(name).in(Group.SET).summary(summary);
  }

  private Command sadd() {
    return set("SADD", "Adds members to a set, which is made when missing.")
        .complexity("O(1) for each member")
        .flags(WRITE, DENYOOM, FAST)
        .keys(KeySpec.at(1).inserts())
        .args(Arg.key(), Arg.string("member").many())
        .runs(this::add);
  }

  private Command srem() {
    return set("SREM", "Removes members from a set.")
        .complexity("O(N) with N members given")
        .flags(WRITE, FAST)
        .keys(KeySpec.at(1).deletes())
        .args(Arg.key(), Arg.string("member").many())
        .runs(this::remove);
  }

  private Command smove() {
    return set("SMOVE", "Moves a member from one set to another.")
        .flags(WRITE, FAST)
        .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"), KeySpec.at(2).inserts())
        .args(Arg.key("source", 0), Arg.key("destination", 1), Arg.string("member"))
        .runs(this::move);
  }

  private Command scard() {
    return set("SCARD", "Answers the number of members of a set.")
        .flags(READONLY, FAST)
        .keys(KeySpec.at(1).looks())
        .args(Arg.key())
        .runs((ctx, args, reply) -> {
          Key key = ctx.read(args, 1);
          reply.integer(key.require(Kinds.SET) ? set.open(key).size() : 0);
        });
  }

  private Command sismember() {
    return set("SISMEMBER", "Tells whether a member is in a set.")
        .flags(READONLY, FAST)
        .keys(KeySpec.at(1).looks())
        .args(Arg.key(), Arg.string("member"))
        .runs((ctx, args, reply) -> {
          Key key = ctx.read(args, 1);
          boolean there = key.require(Kinds.SET) && contains(set.open(key), args, 2);
          reply.integer(there ? 1 : 0);
        });
  }

  private Command smismember() {
    return set("SMISMEMBER", "Tells of several members whether they are in a set.")
        .since("6.2.0")
        .complexity("O(N) with N members given")
        .flags(READONLY, FAST)
        .keys(KeySpec.at(1).looks())
        .args(Arg.key(), Arg.string("member").many())
        .runs(this::areMembers);
  }

  private Command smembers() {
    return set("SMEMBERS", "Answers all members of a set.")
        .complexity("O(N)")
        .flags(READONLY)
        .keys(KeySpec.at(1).reads())
        .args(Arg.key())
        .tips("nondeterministic_output_order")
        .runs(this::members);
  }

  private static boolean contains(SetValue in, Args args, int i) {
    return in.contains(args.array(), args.offset(i), args.length(i));
  }

  private void add(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.open(args, 1);
    key.require(Kinds.SET);
    SetValue to = set.openOrCreate(key);
    expect(to, args);
    int added = 0;
    for (int i = 2; i < args.count(); i++) {
      if (to.add(args.array(), args.offset(i), args.length(i))) {
        added++;
      }
    }
    if (added > 0) {
      key.changed();
      key.event(KeyspaceEvents.SET, "sadd");
    }
    reply.integer(added);
  }

  /** Looks for all members before the first is changed: those on disk are loaded together. */
  private static void expect(SetValue members, Args args) {
    if (members.mostlyCold()) {
      for (int i = 2; i < args.count(); i++) {
        members.expect(args.array(), args.offset(i), args.length(i));
      }
      members.endExpecting();
    }
  }

  private void remove(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.open(args, 1);
    int removed = 0;
    if (key.require(Kinds.SET)) {
      SetValue from = set.open(key);
      expect(from, args);
      for (int i = 2; i < args.count(); i++) {
        if (from.remove(args.array(), args.offset(i), args.length(i))) {
          removed++;
        }
      }
      if (removed > 0) {
        key.event(KeyspaceEvents.SET, "srem");
        TreeValue.changed(key, from.tree());
      }
    }
    reply.integer(removed);
  }

  private void move(CommandContext ctx, Args args, ReplyWriter reply) {
    Key source = ctx.open(0, args, 1);
    boolean same = args.same(1, 2);
    Key target = same ? source : ctx.open(1, args, 2);
    if (!source.found()) {
      reply.integer(0);
      return;
    }
    source.require(Kinds.SET);
    target.require(Kinds.SET);
    SetValue from = set.open(source);
    boolean there = contains(from, args, 3);
    if (there && !same) {
      from.tree().removeFound();
      source.event(KeyspaceEvents.SET, "srem");
      TreeValue.changed(source, from.tree());
      if (other.openOrCreate(target).add(args.array(), args.offset(3), args.length(3))) {
        target.changed();
        target.event(KeyspaceEvents.SET, "sadd");
      }
    }
    reply.integer(there ? 1 : 0);
  }

  private void areMembers(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.read(args, 1);
    boolean found = key.require(Kinds.SET);
    if (found) {
      set.open(key);
    }
    reply.array(args.count() - 2);
    for (int i = 2; i < args.count(); i++) {
      reply.integer(found && contains(set, args, i) ? 1 : 0);
    }
  }

  private void members(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.SET)) {
      reply.set(0);
      return;
    }
    SetValue all = set.open(key);
    reply.set((int) all.size());
    Cursor cursor = all.tree().cursor();
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      reply.bulk(cursor.array(), SetValue.offset(cursor), SetValue.length(cursor));
    }
  }
}
