package io.millrace.resp.command.set;

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
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.SetValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Intersection, union and difference of sets, answered or stored. */
public final class SetAlgebra {
  private enum Operation {
    INTERSECTION,
    UNION,
    DIFFERENCE
  }

  private final List<SetValue> views = new ArrayList<>();
  private final SetValue destination = new SetValue();
  private final ByteStrings result = new ByteStrings();

  private SetAlgebra() {}

  /** All commands. */
  public static List<Command> all() {
    var algebra = new SetAlgebra();
    return List.of(
        algebra.answers("SINTER", "Answers the members common to sets.", Operation.INTERSECTION),
        algebra.stores("SINTERSTORE", "Stores the common members.", Operation.INTERSECTION),
        algebra.answers("SUNION", "Answers the members of any of several sets.", Operation.UNION),
        algebra.stores("SUNIONSTORE", "Stores the members of any set.", Operation.UNION),
        algebra.answers("SDIFF", "Answers the members only the first has.", Operation.DIFFERENCE),
        algebra.stores(
            "SDIFFSTORE", "Stores the members only the first has.", Operation.DIFFERENCE),
        algebra.sintercard());
  }

  private Command answers(String name, String summary, Operation operation) {
    return Command.named(name)
        .in(Group.SET)
        .summary(summary)
        .complexity("O(N) with N members in all sets")
        .flags(READONLY)
        .keys(KeySpec.at(1).to(-1).reads())
        .args(Arg.key().many())
        .tips("nondeterministic_output_order")
        .runs((ctx, args, reply) -> answer(ctx, args, reply, operation));
  }

  private Command stores(String name, String summary, Operation operation) {
    return Command.named(name)
        .in(Group.SET)
        .summary(summary)
        .complexity("O(N) with N members in all sets")
        .flags(WRITE, DENYOOM)
        .keys(KeySpec.at(1).overwrites(), KeySpec.at(2).to(-1).reads())
        .args(Arg.key("destination", 0), Arg.key("key", 1).many())
        .runs((ctx, args, reply) -> store(ctx, args, reply, operation, name));
  }

  private Command sintercard() {
    return Command.named("SINTERCARD")
        .in(Group.SET)
        .since("7.0.0")
        .summary("Answers the number of members common to sets.")
        .complexity("O(N) with N members in all sets")
        .flags(READONLY)
        .keys(KeySpec.countedAt(1).reads())
        .args(Arg.integer("numkeys"), Arg.key().many(), Arg.integer("limit").after("LIMIT").maybe())
        .runs(this::card);
  }

  private void answer(CommandContext ctx, Args args, ReplyWriter reply, Operation operation) {
    compute(open(ctx, args, 1, args.count()), operation, Long.MAX_VALUE);
    reply.set(result.count());
    for (int i = 0; i < result.count(); i++) {
      reply.bulk(result.array(), result.offset(i), result.length(i));
    }
    result.clear();
  }

  private void store(
      CommandContext ctx, Args args, ReplyWriter reply, Operation operation, String name) {
    compute(open(ctx, args, 2, args.count()), operation, Long.MAX_VALUE);
    Key target = ctx.open(0, args, 1);
    boolean existed = target.clear();
    int count = result.count();
    if (count > 0) {
      SetValue to = destination.openOrCreate(target);
      for (int i = 0; i < count; i++) {
        to.add(result.array(), result.offset(i), result.length(i));
      }
      target.changed();
      target.event(KeyspaceEvents.SET, name.toLowerCase(Locale.ROOT));
    } else if (existed) {
      target.event(KeyspaceEvents.GENERIC, "del");
    }
    result.clear();
    reply.integer(count);
  }

  private void card(CommandContext ctx, Args args, ReplyWriter reply) {
    if (!args.isInteger(1) || args.integer(1) < 1) {
      throw CommandException.error("numkeys should be greater than 0");
    }
    long keys = args.integer(1);
    if (keys > args.count() - 2) {
      throw CommandException.error("Number of keys can't be greater than number of args");
    }
    long limit = 0;
    for (int i = (int) keys + 2; i < args.count(); i += 2) {
      if (!args.is(i, "LIMIT") || i + 1 >= args.count()) {
        throw CommandException.SYNTAX;
      }
      if (!args.isInteger(i + 1) || args.integer(i + 1) < 0) {
        throw CommandException.error("LIMIT can't be negative");
      }
      limit = args.integer(i + 1);
    }
    compute(
        open(ctx, args, 2, (int) keys + 2),
        Operation.INTERSECTION,
        limit == 0 ? Long.MAX_VALUE : limit);
    reply.integer(result.count());
    result.clear();
  }

  /** Opens the keys of arguments [from, to); null stands for a missing one. */
  private @Nullable SetValue[] open(CommandContext ctx, Args args, int from, int to) {
    var sets = new @Nullable SetValue[to - from];
    for (int i = from; i < to; i++) {
      // Cursor 0 is left to the destination.
      Key key = ctx.read(i - from + 1, args, i);
      if (key.require(Kinds.SET)) {
        sets[i - from] = view(i - from).open(key);
      }
    }
    return sets;
  }

  private SetValue view(int i) {
    while (views.size() <= i) {
      views.add(new SetValue());
    }
    return views.get(i);
  }

  private void compute(@Nullable SetValue[] sets, Operation operation, long limit) {
    result.clear();
    switch (operation) {
      case INTERSECTION -> intersect(sets, limit);
      case UNION -> unite(sets);
      case DIFFERENCE -> subtract(sets);
    }
  }

  private void intersect(@Nullable SetValue[] sets, long limit) {
    var present = present(sets);
    if (present.size() < sets.length) {
      return;
    }
    present.sort((a, b) -> Long.compare(a.size(), b.size()));
    Cursor cursor = present.getFirst().tree().newCursor();
    for (boolean on = cursor.seekFirst(); on && result.count() < limit; on = cursor.next()) {
      if (inAll(cursor, present)) {
        keep(cursor);
      }
    }
  }

  private static boolean inAll(Cursor cursor, List<SetValue> sets) {
    for (int i = 1; i < sets.size(); i++) {
      if (!contains(sets.get(i), cursor)) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(SetValue set, Cursor cursor) {
    return set.tree().find(cursor.array(), cursor.keyOffset(), cursor.keyLength());
  }

  private void subtract(@Nullable SetValue[] sets) {
    SetValue first = sets[0];
    if (first == null) {
      return;
    }
    Cursor cursor = first.tree().newCursor();
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      boolean elsewhere = false;
      for (int i = 1; i < sets.length && !elsewhere; i++) {
        SetValue other = sets[i];
        elsewhere = other != null && contains(other, cursor);
      }
      if (!elsewhere) {
        keep(cursor);
      }
    }
  }

  /** Merges: all sets are in the same order. */
  private void unite(@Nullable SetValue[] sets) {
    List<Cursor> cursors = new ArrayList<>();
    for (SetValue set : present(sets)) {
      Cursor cursor = set.tree().newCursor();
      if (cursor.seekFirst()) {
        cursors.add(cursor);
      }
    }
    while (!cursors.isEmpty()) {
      Cursor lowest = cursors.getFirst();
      for (Cursor cursor : cursors) {
        if (compare(cursor, lowest) < 0) {
          lowest = cursor;
        }
      }
      keep(lowest);
      int last = result.count() - 1;
      cursors.removeIf(cursor -> isResult(cursor, last) && !cursor.next());
    }
  }

  private static int compare(Cursor a, Cursor b) {
    return Arrays.compareUnsigned(
        a.array(),
        a.keyOffset(),
        a.keyOffset() + a.keyLength(),
        b.array(),
        b.keyOffset(),
        b.keyOffset() + b.keyLength());
  }

  private boolean isResult(Cursor cursor, int i) {
    int offset = SetValue.offset(cursor);
    return Arrays.equals(
        cursor.array(),
        offset,
        offset + SetValue.length(cursor),
        result.array(),
        result.offset(i),
        result.offset(i) + result.length(i));
  }

  private static List<SetValue> present(@Nullable SetValue[] sets) {
    List<SetValue> present = new ArrayList<>(sets.length);
    for (SetValue set : sets) {
      if (set != null) {
        present.add(set);
      }
    }
    return present;
  }

  private void keep(Cursor cursor) {
    result.add(cursor.array(), SetValue.offset(cursor), SetValue.length(cursor));
  }
}
