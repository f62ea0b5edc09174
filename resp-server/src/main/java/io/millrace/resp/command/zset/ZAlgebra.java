package io.millrace.resp.command.zset;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ZSetValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Union, intersection and difference of sorted sets and sets, answered or stored. */
public final class ZAlgebra {
  private final ZSetValue target = new ZSetValue();
  private final ZSources sources = new ZSources();

  private ZAlgebra() {}

  /** All commands. */
  public static List<Command> all() {
    var algebra = new ZAlgebra();
    List<Command> all = new ArrayList<>();
    algebra.add(all, "UNION", "of any of several sorted sets", ZSources.Operation.UNION);
    algebra.add(all, "INTER", "common to sorted sets", ZSources.Operation.INTERSECTION);
    algebra.add(all, "DIFF", "only the first sorted set has", ZSources.Operation.DIFFERENCE);
    all.add(
        Command.named("ZINTERCARD")
            .in(Group.SORTED_SET)
            .since("7.0.0")
            .summary("Answers the number of members common to sorted sets.")
            .complexity("O(N K) with N members in the smallest of K sets")
            .flags(READONLY)
            .keys(KeySpec.countedAt(1).reads())
            .args(
                Arg.integer("numkeys"),
                Arg.key().many(),
                Arg.integer("limit").after("LIMIT").maybe())
            .runs(algebra::card));
    return all;
  }

  private void add(List<Command> all, String name, String what, ZSources.Operation operation) {
    var weighted = operation != ZSources.Operation.DIFFERENCE;
    List<Arg> options = new ArrayList<>();
    if (weighted) {
      options.add(Arg.integer("weight").many().after("WEIGHTS").maybe());
      options.add(
          Arg.oneOf(
                  "aggregate",
                  Arg.word("sum", "SUM"),
                  Arg.word("min", "MIN"),
                  Arg.word("max", "MAX"))
              .after("AGGREGATE")
              .maybe());
    }
    List<Arg> stored =
        new ArrayList<>(
            List.of(Arg.key("destination", 0), Arg.integer("numkeys"), Arg.key("key", 1).many()));
    stored.addAll(options);
    List<Arg> answered = new ArrayList<>(List.of(Arg.integer("numkeys"), Arg.key().many()));
    answered.addAll(options);
    answered.add(Arg.word("withscores", "WITHSCORES").maybe());
    all.add(
        command("Z" + name, "6.2.0", "Answers the members " + what + ".")
            .flags(READONLY)
            .keys(KeySpec.countedAt(1).reads())
            .args(answered.toArray(Arg[]::new))
            .runs((ctx, args, reply) -> answer(ctx, args, reply, operation)));
    var event = "z" + name.toLowerCase(Locale.ROOT) + "store";
    all.add(
        command("Z" + name + "STORE", weighted ? "2.0.0" : "6.2.0", "Stores members " + what + ".")
            .flags(WRITE, DENYOOM)
            .keys(KeySpec.at(1).overwrites(), KeySpec.countedAt(2).reads())
            .args(stored.toArray(Arg[]::new))
            .runs((ctx, args, reply) -> store(ctx, args, reply, operation, event)));
  }

  private static Command.Builder command(String name, String since, String summary) {
    return Command.named(name)
        .in(Group.SORTED_SET)
        .since(since)
        .summary(summary)
        .complexity("O(N log N) with N members in all sets");
  }

  private void answer(
      CommandContext ctx, Args args, ReplyWriter reply, ZSources.Operation operation) {
    sources.read(ctx, args, 1, ZSources.Form.ANSWER, operation);
    var result = sources.compute(operation);
    boolean withScores = sources.withScores();
    Scores.begin(reply, result.size(), withScores);
    for (var one : result) {
      Scores.member(reply, one.member(), 0, one.member().length, one.score(), withScores);
    }
  }

  private void store(
      CommandContext ctx,
      Args args,
      ReplyWriter reply,
      ZSources.Operation operation,
      String event) {
    sources.read(ctx, args, 2, ZSources.Form.STORE, operation);
    var result = sources.compute(operation);
    Key key = ctx.open(0, args, 1);
    boolean existed = key.clear();
    if (!result.isEmpty()) {
      ZSetValue to = target.openOrCreate(key);
      to.expect(
          result.size(), result.stream().mapToInt(one -> one.member().length).max().orElse(0));
      for (var one : result) {
        to.addNew(one.member(), 0, one.member().length, one.score());
      }
      key.changed();
      key.event(KeyspaceEvents.ZSET, event);
    } else if (existed) {
      key.event(KeyspaceEvents.GENERIC, "del");
    }
    reply.integer(result.size());
  }

  private void card(CommandContext ctx, Args args, ReplyWriter reply) {
    sources.read(ctx, args, 1, ZSources.Form.CARD, ZSources.Operation.INTERSECTION);
    long limit = sources.limit();
    int common = sources.compute(ZSources.Operation.INTERSECTION).size();
    reply.integer(limit == 0 ? common : Math.min(limit, common));
  }
}
