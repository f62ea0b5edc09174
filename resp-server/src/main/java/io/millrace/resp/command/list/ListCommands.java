package io.millrace.resp.command.list;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.Cursor;
import io.millrace.engine.tree.PageTree;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.PopArgs;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.TreeValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands of lists that never wait. */
public final class ListCommands {
  private static final CommandException OUT_OF_RANGE = CommandException.error("index out of range");

  private final TreeValue lists = ListType.view();

  private ListCommands() {}

  /** All of them. */
  public static List<Command> all() {
    var commands = new ListCommands();
    List<Command> all = new ArrayList<>();
    commands.pushes(all);
    commands.pops(all);
    commands.reads(all);
    commands.changes(all);
    return all;
  }

  private static Command.Builder list(String name) {
    return Command.named(name).in(Group.LIST);
  }

  private void pushes(List<Command> all) {
    all.add(
        push("LPUSH", "1.0.0", "Adds elements to the start of a list, which is made when missing.")
            .runs((ctx, args, reply) -> push(ctx, args, reply, true, false)));
    all.add(
        push("RPUSH", "1.0.0", "Adds elements to the end of a list, which is made when missing.")
            .runs((ctx, args, reply) -> push(ctx, args, reply, false, false)));
    all.add(
        push("LPUSHX", "2.2.0", "Adds elements to the start of a list that exists.")
            .runs((ctx, args, reply) -> push(ctx, args, reply, true, true)));
    all.add(
        push("RPUSHX", "2.2.0", "Adds elements to the end of a list that exists.")
            .runs((ctx, args, reply) -> push(ctx, args, reply, false, true)));
  }

  private static Command.Builder push(String name, String since, String summary) {
    return list(name)
        .since(since)
        .summary(summary)
        .complexity("O(1) for each element")
        .flags(WRITE, DENYOOM, FAST)
        .keys(KeySpec.at(1).inserts())
        .args(Arg.key(), Arg.string("element").many());
  }

  private void pops(List<Command> all) {
    all.add(
        pop("LPOP", "Removes and answers elements at the start of a list.")
            .runs((ctx, args, reply) -> pop(ctx, args, reply, true)));
    all.add(
        pop("RPOP", "Removes and answers elements at the end of a list.")
            .runs((ctx, args, reply) -> pop(ctx, args, reply, false)));
  }

  private static Command.Builder pop(String name, String summary) {
    return list(name)
        .summary(summary)
        .complexity("O(N) with N elements popped")
        .flags(WRITE, FAST)
        .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"))
        .args(Arg.key(), Arg.integer("count").maybe());
  }

  private void reads(List<Command> all) {
    all.add(
        list("LLEN")
            .summary("Answers the length of a list.")
            .flags(READONLY, FAST)
            .keys(KeySpec.at(1).looks())
            .args(Arg.key())
            .runs(this::llen));
    all.add(
        list("LINDEX")
            .summary("Answers the element at an index of a list.")
            .complexity("O(log N)")
            .flags(READONLY)
            .keys(KeySpec.at(1).reads())
            .args(Arg.key(), Arg.integer("index"))
            .runs(this::lindex));
    all.add(
        list("LRANGE")
            .summary("Answers a range of elements of a list.")
            .complexity("O(log N + M) with M elements answered")
            .flags(READONLY)
            .keys(KeySpec.at(1).reads())
            .args(Arg.key(), Arg.integer("start"), Arg.integer("stop"))
            .runs(this::lrange));
    all.add(
        list("LPOS")
            .since("6.0.6")
            .summary("Answers the indexes of equal elements of a list.")
            .complexity("O(N)")
            .flags(READONLY)
            .keys(KeySpec.at(1).reads())
            .args(
                Arg.key(),
                Arg.string("element"),
                Arg.integer("rank").after("RANK").maybe(),
                Arg.integer("num-matches").after("COUNT").maybe(),
                Arg.integer("len").after("MAXLEN").maybe())
            .runs(this::lpos));
  }

  private void changes(List<Command> all) {
    all.add(
        list("LSET")
            .summary("Replaces the element at an index of a list.")
            .complexity("O(log N)")
            .flags(WRITE, DENYOOM)
            .keys(KeySpec.at(1).updates())
            .args(Arg.key(), Arg.integer("index"), Arg.string("element"))
            .runs(this::lset));
    all.add(
        list("LINSERT")
            .since("2.2.0")
            .summary("Inserts an element before or after another one of a list.")
            .complexity("O(N)")
            .flags(WRITE, DENYOOM)
            .keys(KeySpec.at(1).inserts())
            .args(
                Arg.key(),
                Arg.oneOf("where", Arg.word("before", "BEFORE"), Arg.word("after", "AFTER")),
                Arg.string("pivot"),
                Arg.string("element"))
            .runs(this::linsert));
    all.add(
        list("LREM")
            .summary("Removes elements of a list that are equal to a given one.")
            .complexity("O(N)")
            .flags(WRITE)
            .keys(KeySpec.at(1).deletes())
            .args(Arg.key(), Arg.integer("count"), Arg.string("element"))
            .runs(this::lrem));
    all.add(
        list("LTRIM")
            .summary("Removes all elements of a list but a range.")
            .complexity("O(N) with N elements removed")
            .flags(WRITE)
            .keys(KeySpec.at(1).deletes())
            .args(Arg.key(), Arg.integer("start"), Arg.integer("stop"))
            .runs(this::ltrim));
  }

  private void push(
      CommandContext ctx, Args args, ReplyWriter reply, boolean first, boolean existing) {
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.LIST) && existing) {
      reply.integer(0);
      return;
    }
    PageTree tree = lists.openOrCreate(key);
    for (int i = 2; i < args.count(); i++) {
      if (first) {
        tree.pushFirst(args.array(), args.offset(i), args.length(i));
      } else {
        tree.pushLast(args.array(), args.offset(i), args.length(i));
      }
    }
    key.changed();
    key.event(KeyspaceEvents.LIST, first ? "lpush" : "rpush");
    reply.integer(tree.size());
  }

  private void pop(CommandContext ctx, Args args, ReplyWriter reply, boolean first) {
    if (args.count() > 3) {
      throw CommandException.error(
          "wrong number of arguments for '" + (first ? "lpop" : "rpop") + "' command");
    }
    boolean counted = args.count() == 3;
    long count = PopArgs.elements(args);
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.LIST)) {
      if (counted) {
        reply.nilArray();
      } else {
        reply.nil();
      }
      return;
    }
    if (count == 0) {
      reply.array(0);
      return;
    }
    PageTree tree = lists.open(key);
    int n = (int) Math.min(count, tree.size());
    if (counted) {
      reply.array(n);
    }
    ListEnds.pop(tree, n, first, reply);
    key.event(KeyspaceEvents.LIST, first ? "lpop" : "rpop");
    TreeValue.changed(key, tree);
  }

  private void llen(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.read(args, 1);
    reply.integer(key.require(Kinds.LIST) ? lists.open(key).size() : 0);
  }

  private void lindex(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.LIST)) {
      reply.nil();
      return;
    }
    PageTree tree = lists.open(key);
    if (tree.findAt(fromEnd(args.integer(2), tree.size()))) {
      reply.bulk(tree.array(), tree.valueOffset(), tree.valueLength());
    } else {
      reply.nil();
    }
  }

  private static long fromEnd(long index, long size) {
    return index < 0 ? size + index : index;
  }

  private void lrange(CommandContext ctx, Args args, ReplyWriter reply) {
    long start = args.integer(2);
    long stop = args.integer(3);
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.LIST)) {
      reply.array(0);
      return;
    }
    PageTree tree = lists.open(key);
    long size = tree.size();
    start = Math.max(fromEnd(start, size), 0);
    stop = Math.min(fromEnd(stop, size), size - 1);
    if (start > stop || start >= size) {
      reply.array(0);
      return;
    }
    int n = (int) (stop - start + 1);
    reply.array(n);
    tree.findAt(start);
    Cursor cursor = tree.cursor();
    while (n-- > 0) {
      reply.bulk(cursor.array(), cursor.valueOffset(), cursor.valueLength());
      cursor.next();
    }
  }

  private void lset(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.LIST)) {
      throw CommandException.NO_SUCH_KEY;
    }
    long index = args.integer(2);
    PageTree tree = lists.open(key);
    long rank = fromEnd(index, tree.size());
    if (!tree.setAt(rank, args.array(), args.offset(3), args.length(3))) {
      throw OUT_OF_RANGE;
    }
    key.changed();
    key.event(KeyspaceEvents.LIST, "lset");
    reply.ok();
  }

  private void linsert(CommandContext ctx, Args args, ReplyWriter reply) {
    boolean after = args.is(2, "AFTER");
    if (!after && !args.is(2, "BEFORE")) {
      throw CommandException.SYNTAX;
    }
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.LIST)) {
      reply.integer(0);
      return;
    }
    PageTree tree = lists.open(key);
    Cursor cursor = tree.cursor();
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      if (equal(cursor, args, 3)) {
        long rank = cursor.rank() + (after ? 1 : 0);
        tree.insertAt(rank, args.array(), args.offset(4), args.length(4));
        key.changed();
        key.event(KeyspaceEvents.LIST, "linsert");
        reply.integer(tree.size());
        return;
      }
    }
    reply.integer(-1);
  }

  private static boolean equal(Cursor cursor, Args args, int i) {
    return cursor.valueLength() == args.length(i)
        && Arrays.equals(
            cursor.array(),
            cursor.valueOffset(),
            cursor.valueOffset() + cursor.valueLength(),
            args.array(),
            args.offset(i),
            args.offset(i) + args.length(i));
  }

  private void lrem(CommandContext ctx, Args args, ReplyWriter reply) {
    long count = args.integer(2);
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.LIST)) {
      reply.integer(0);
      return;
    }
    PageTree tree = lists.open(key);
    Cursor cursor = tree.cursor();
    boolean backwards = count < 0;
    long most = count == 0 ? Long.MAX_VALUE : Math.abs(count);
    long removed = 0;
    boolean on = backwards ? cursor.seekLast() : cursor.seekFirst();
    while (on && removed < most) {
      if (equal(cursor, args, 3)) {
        removed++;
        on = remove(cursor, backwards);
      } else {
        on = backwards ? cursor.previous() : cursor.next();
      }
    }
    if (removed > 0) {
      key.event(KeyspaceEvents.LIST, "lrem");
      TreeValue.changed(key, tree);
    }
    reply.integer(removed);
  }

  /** Removes the current element and goes on in the given direction. */
  private static boolean remove(Cursor cursor, boolean backwards) {
    if (!backwards) {
      return cursor.remove();
    }
    long rank = cursor.rank();
    cursor.remove();
    return cursor.seekRank(rank - 1);
  }

  private void ltrim(CommandContext ctx, Args args, ReplyWriter reply) {
    long start = args.integer(2);
    long stop = args.integer(3);
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.LIST)) {
      reply.ok();
      return;
    }
    PageTree tree = lists.open(key);
    long size = tree.size();
    start = Math.max(fromEnd(start, size), 0);
    stop = Math.min(fromEnd(stop, size), size - 1);
    key.event(KeyspaceEvents.LIST, "ltrim");
    if (start > stop || start >= size) {
      key.deleteAloud();
    } else {
      if (stop - start + 1 < size) {
        tree.removeRange(stop + 1, size);
        tree.removeRange(0, start);
      }
      // As in Redis, also when nothing was cut off.
      key.changed();
    }
    reply.ok();
  }

  private void lpos(CommandContext ctx, Args args, ReplyWriter reply) {
    long rank = 1;
    long count = -1;
    long limit = 0;
    for (int i = 3; i < args.count(); i += 2) {
      boolean more = i + 1 < args.count();
      if (more && args.is(i, "RANK")) {
        rank = rank(args, i + 1);
      } else if (more && args.is(i, "COUNT")) {
        count = PopArgs.notNegative(args, i + 1, CommandException.error("COUNT can't be negative"));
      } else if (more && args.is(i, "MAXLEN")) {
        limit =
            PopArgs.notNegative(args, i + 1, CommandException.error("MAXLEN can't be negative"));
      } else {
        throw CommandException.SYNTAX;
      }
    }
    Key key = ctx.read(args, 1);
    boolean found = key.require(Kinds.LIST);
    int mark = reply.size();
    int matches = found ? positions(lists.open(key), args, rank, count, limit, reply) : 0;
    if (count >= 0) {
      reply.wrapArray(mark, matches);
    } else if (matches == 0) {
      reply.nil();
    }
  }

  private static long rank(Args args, int i) {
    long rank = args.integer(i);
    if (rank == Long.MIN_VALUE) {
      throw CommandException.error("value is out of range");
    }
    if (rank == 0) {
      throw CommandException.error(
          "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use"
              + " negative to start from the end of the list");
    }
    return rank;
  }

  private static int positions(
      PageTree tree, Args args, long rank, long count, long limit, ReplyWriter reply) {
    boolean backwards = rank < 0;
    long skip = Math.abs(rank) - 1;
    long most = count < 0 ? 1 : count == 0 ? Long.MAX_VALUE : count;
    long left = limit == 0 ? Long.MAX_VALUE : limit;
    Cursor cursor = tree.cursor();
    boolean on = backwards ? cursor.seekLast() : cursor.seekFirst();
    long index = backwards ? tree.size() - 1 : 0;
    int matches = 0;
    while (on && left-- > 0 && matches < most) {
      if (equal(cursor, args, 2) && skip-- <= 0) {
        reply.integer(index);
        matches++;
      }
      index += backwards ? -1 : 1;
      on = backwards ? cursor.previous() : cursor.next();
    }
    return matches;
  }
}
