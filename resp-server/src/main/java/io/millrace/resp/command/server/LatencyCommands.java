package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.ArrayList;
import java.util.List;

/** LATENCY and its subcommands. No event is monitored: delays of commands are in the slow log. */
final class LatencyCommands {
  private LatencyCommands() {}

  static void doctor(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.verbatim(
        "Millrace monitors no latency events. Slow commands are in SLOWLOG GET, durations by"
            + " command in INFO commandstats.\n");
  }

  static void graph(CommandContext ctx, Args args, ReplyWriter reply) {
    throw CommandException.error("No samples available for event '" + args.shown(2) + "'");
  }

  static void history(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.array(0);
  }

  static void latest(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.array(0);
  }

  static void reset(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(0);
  }

  /** Calls and their mean duration as a histogram of one bucket per command. */
  static void histogram(CommandContext ctx, Args args, ReplyWriter reply) {
    List<CommandSpec> shown = new ArrayList<>();
    if (args.count() == 2) {
      shown.addAll(ctx.server().table().all());
    }
    for (int i = 2; i < args.count(); i++) {
      var spec = ctx.server().table().find(args.latin(i));
      if (spec != null) {
        shown.add(spec);
      }
    }
    var stats = ctx.server().stats();
    shown.removeIf(spec -> stats.calls[spec.id()] == 0);
    reply.map(shown.size());
    for (var spec : shown) {
      long calls = stats.calls[spec.id()];
      long micros = Math.max(1, stats.nanos[spec.id()] / calls / 1000);
      reply.bulk(spec.fullName());
      reply.map(2);
      reply.bulk("calls");
      reply.integer(calls);
      reply.bulk("histogram_usec");
      reply.map(1);
      reply.integer(Long.highestOneBit(micros) == micros ? micros : Long.highestOneBit(micros) * 2);
      reply.integer(calls);
    }
  }
}
