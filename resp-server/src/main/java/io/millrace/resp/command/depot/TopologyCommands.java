package io.millrace.resp.command.depot;

import static io.millrace.resp.command.spec.Flag.ADMIN;
import static io.millrace.resp.command.spec.Flag.NOSCRIPT;
import static io.millrace.resp.command.spec.Flag.NO_MULTI;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.topology.StopEnded;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import io.millrace.engine.topology.TopologyException;
import io.millrace.engine.topology.TopologyStanding;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.Help;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * TOPOLOGY: where topologies stand, and the ends of their stops. The answer leaves when the end is
 * in the journal and released; until then only this connection waits.
 */
public final class TopologyCommands {
  /** TOPOLOGY with its subcommands. */
  public static final Command TOPOLOGY =
      Command.named("TOPOLOGY")
          .in(Group.MILLRACE)
          .since("7.2.0")
          .summary("Looks at topologies and ends their stops.")
          .contains(
              Help.of(Group.MILLRACE, "TOPOLOGY", "7.2.0"),
              sub("LIST", "Answers where each topology stands, its lag and its stops.")
                  .complexity("O(N) with N topologies and partitions")
                  .categories("read")
                  .runs(TopologyCommands::list),
              sub("RESUME", "Runs what had failed again; the topology folds what it missed.", ADMIN)
                  .complexity("O(N) with N partitions it has stopped for, and their folds")
                  .args(
                      Arg.string("topology"),
                      Arg.string("depot").after("DEPOT").maybe(),
                      Arg.integer("partition").after("PARTITION").maybe(),
                      Arg.integer("offset").after("OFFSET").maybe())
                  .runs((ctx, args, reply) -> end(ctx, args, Decision.RESUME)),
              sub(
                      "SKIP",
                      "Gives up the event part that had failed: it becomes a dead letter.",
                      ADMIN)
                  .complexity("O(1), and the folds of what waits")
                  .args(
                      Arg.string("topology"),
                      Arg.string("depot").after("DEPOT"),
                      Arg.integer("partition").after("PARTITION"),
                      Arg.integer("offset").after("OFFSET").maybe())
                  .runs((ctx, args, reply) -> end(ctx, args, Decision.SKIP)));

  private TopologyCommands() {}

  private static Command.Builder sub(String name, String summary, Flag... flags) {
    return Command.sub(Group.MILLRACE, "TOPOLOGY", name, "7.2.0", summary, flags)
        .flags(NOSCRIPT, NO_MULTI);
  }

  /** How to end a stop at this door; empty when it is being ended. */
  static String remedy(FoldStop stop) {
    if (stop.catchingUp()) {
      return "";
    }
    var where = stop.topology() + " DEPOT " + stop.depot() + " PARTITION " + stop.partition();
    return "; when its code is mended: TOPOLOGY RESUME "
        + where
        + "; to give the event up: TOPOLOGY SKIP "
        + where;
  }

  private static void list(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.lookAtAll();
    var standings = ctx.server().engine().topologies().standings(ctx.execution());
    reply.array(standings.size());
    for (var standing : standings) {
      write(standing, reply);
    }
  }

  private static void write(TopologyStanding standing, ReplyWriter reply) {
    reply.map(6);
    text("topology", standing.topology(), reply);
    text("status", standing.status().toLowerCase(Locale.ROOT), reply);
    reply.bulk("depots");
    reply.array(standing.depots().size());
    standing.depots().forEach(reply::bulk);
    number("lag", standing.lag(), reply);
    number("most-lag", standing.mostLag(), reply);
    reply.bulk("stops");
    reply.array(standing.stops().size());
    standing.stops().forEach(stop -> write(stop, reply));
  }

  private static void write(FoldStop stop, ReplyWriter reply) {
    reply.map(stop.catchingUp() ? 10 : 8);
    text("status", stop.catchingUp() ? "catching_up" : "stopped", reply);
    text("depot", stop.depot(), reply);
    number("partition", stop.partition(), reply);
    number("offset", stop.offset(), reply);
    text("place", stop.place(), reply);
    number("attempts", stop.attempts(), reply);
    text("error", stop.error(), reply);
    number("since-ms", stop.sinceMs(), reply);
    if (stop.catchingUp()) {
      number("next-offset", stop.nextOffset(), reply);
      number("target", stop.target(), reply);
    }
  }

  private static void text(String name, String value, ReplyWriter reply) {
    reply.bulk(name);
    reply.bulk(value);
  }

  private static void number(String name, long value, ReplyWriter reply) {
    reply.bulk(name);
    reply.integer(value);
  }

  private static void end(CommandContext ctx, Args args, Decision decision) {
    var which = which(args);
    var control = ctx.server().engine().topologies();
    var topology = args.text(2);
    var resume = ctx.suspend();
    ctx.afterwards(() ->
        control
            .endAsync(topology, which, decision)
            .whenComplete((ended, failure) -> {
              var late = new ReplyWriter();
              write(ended, failure, late);
              resume.later(Arrays.copyOf(late.array(), late.size()));
            }));
  }

  private static Which which(Args args) {
    String depot = null;
    int partition = -1;
    long offset = -1;
    for (int i = 3; i < args.count(); i += 2) {
      if (i + 1 == args.count()) {
        throw CommandException.SYNTAX;
      }
      if (args.is(i, "DEPOT")) {
        depot = args.text(i + 1);
      } else if (args.is(i, "PARTITION")) {
        partition = args.integer(i + 1, 0, Integer.MAX_VALUE);
      } else if (args.is(i, "OFFSET")) {
        offset = args.integer(i + 1);
      } else {
        throw CommandException.SYNTAX;
      }
    }
    return new Which(depot, partition, offset);
  }

  private static void write(
      @Nullable List<StopEnded> ended, @Nullable Throwable failure, ReplyWriter reply) {
    if (ended != null) {
      reply.array(ended.size());
      ended.forEach(one -> reply.bulk(one.text()));
      return;
    }
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    reply.error(
        cause instanceof TopologyException refused
            ? refused.reason().code() + " " + refused.getMessage()
            : "ERR the topology could not be changed: " + cause);
  }
}
