package io.millrace.resp.command.depot;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.NOSCRIPT;
import static io.millrace.resp.command.spec.Flag.NO_MULTI;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.Appended;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.depot.PreparedEvent;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** DEPOT.APPEND: events as JSON, appended in the turn of the connection's lane. */
public final class DepotCommands {
  /** All commands of this group. */
  public static final List<Command> ALL =
      List.of(
          Command.named("DEPOT.APPEND")
              .in(Group.MILLRACE)
              .since("7.2.0")
              .summary(
                  "Appends events to a depot; answers a token for each, WITHACKS also what topologies answered.")
              .complexity("O(N) with N events, and their folds")
              .flags(DENYOOM, NOSCRIPT, NO_MULTI)
              .categories("write")
              .args(
                  Arg.string("depot"),
                  Arg.oneOf(
                          "level",
                          Arg.word("none", "NONE"),
                          Arg.word("appended", "APPENDED"),
                          Arg.word("folded", "FOLDED"))
                      .after("ACK")
                      .maybe(),
                  Arg.string("type").after("TYPE").maybe(),
                  Arg.string("idempotency-key").after("KEY").maybe(),
                  Arg.word("acks", "WITHACKS").maybe(),
                  Arg.string("payload").many())
              .runs(DepotCommands::append),
          Command.named("PSTATE.SELECT")
              .in(Group.MILLRACE)
              .since("7.2.0")
              .summary("Answers every value a path leads to.")
              .complexity("O(N) with N values read")
              .flags(NOSCRIPT, NO_MULTI)
              .categories("read")
              .args(
                  Arg.string("pstate"),
                  Arg.string("path"),
                  Arg.string("token").after("AFTER").maybe())
              .runs(SelectCommand::select),
          TopologyCommands.TOPOLOGY);

  /**
   * Options of DEPOT.APPEND.
   *
   * @param ack what to wait for
   * @param type declared type name, or null
   * @param key idempotency key, or null
   * @param acks whether each token comes with what topologies answered
   * @param firstPayload argument of the first event
   */
  private record Options(
      AppendAck ack,
      @Nullable String type,
      byte @Nullable [] key,
      boolean acks,
      int firstPayload) {}

  private DepotCommands() {}

  private static Options options(Args args) {
    var ack = AppendAck.FOLDED;
    String type = null;
    byte[] key = null;
    var acks = false;
    int i = 2;
    while (i + 1 < args.count()) {
      if (args.is(i, "WITHACKS")) {
        acks = true;
        i++;
        continue;
      }
      if (args.is(i, "ACK")) {
        ack = ack(args, i + 1);
      } else if (args.is(i, "TYPE")) {
        type = args.text(i + 1);
      } else if (args.is(i, "KEY")) {
        key = args.bytes(i + 1);
      } else {
        break;
      }
      i += 2;
    }
    if (i >= args.count()) {
      throw CommandException.error("no event given");
    }
    if (key != null && args.count() - i > 1) {
      throw CommandException.error("an idempotency key names one event only");
    }
    if (acks && ack != AppendAck.FOLDED) {
      throw CommandException.error("WITHACKS needs ACK FOLDED: only a fold answers");
    }
    return new Options(ack, type, key, acks, i);
  }

  private static AppendAck ack(Args args, int i) {
    for (var ack : AppendAck.values()) {
      if (args.is(i, ack.name())) {
        return ack;
      }
    }
    throw CommandException.error("ACK is one of NONE, APPENDED, FOLDED");
  }

  private static void append(CommandContext ctx, Args args, ReplyWriter reply) {
    var options = options(args);
    try {
      var depot = ctx.server().engine().depot(args.text(1));
      var events = prepare(depot, options, args);
      var appended = new ArrayList<Appended>();
      for (var event : events) {
        appended.add(depot.append(ctx.execution(), event));
      }
      ctx.logged(options.ack() == AppendAck.NONE ? 0 : position(appended));
      answer(ctx, options, appended, reply);
    } catch (InvalidEventException wrong) {
      throw new CommandException("SCHEMA " + wrong.getMessage());
    } catch (IllegalArgumentException | UnsupportedOperationException unknown) {
      throw CommandException.error(String.valueOf(unknown.getMessage()));
    }
  }

  /** All events are checked before the first is appended. */
  private static List<PreparedEvent> prepare(
      DepotClient<Object> depot, Options options, Args args) {
    var events = new ArrayList<PreparedEvent>();
    for (int i = options.firstPayload(); i < args.count(); i++) {
      events.add(
          depot.prepareJson(
              options.type(), 0, args.array(), args.offset(i), args.length(i), options.key()));
    }
    return events;
  }

  private static long position(List<Appended> appended) {
    return appended.stream().mapToLong(Appended::position).max().orElse(0);
  }

  private static void answer(
      CommandContext ctx, Options options, List<Appended> appended, ReplyWriter reply) {
    long open = appended.stream().filter(a -> !a.isDone()).count();
    if (options.ack() != AppendAck.FOLDED || open == 0) {
      write(options, appended, reply);
      return;
    }
    var left = new AtomicInteger((int) open);
    var resume = ctx.suspend();
    int protocol = ctx.session().protocol();
    for (var event : List.copyOf(appended)) {
      if (!event.isDone()) {
        event.whenDone(() -> {
          if (left.decrementAndGet() == 0) {
            var late = new ReplyWriter();
            late.protocol(protocol);
            write(options, appended, late);
            resume.afterFold(Arrays.copyOf(late.array(), late.size()));
          }
        });
      }
    }
  }

  private static String stopped(Appended event, List<FoldStop> stops) {
    var text = new StringBuilder("STOPPED token=").append(event.token());
    for (var stop : stops) {
      text.append("; ").append(stop.text()).append(TopologyCommands.remedy(stop));
    }
    return text.toString();
  }

  private static void write(Options options, List<Appended> appended, ReplyWriter reply) {
    reply.array(appended.size());
    for (var event : appended) {
      var stops = options.ack() == AppendAck.FOLDED ? event.stops() : List.<FoldStop>of();
      if (stops.isEmpty() && options.acks()) {
        reply.array(2);
        reply.bulk(event.token().toString());
        ValueReply.write(event.returns(), reply);
      } else if (stops.isEmpty()) {
        reply.bulk(event.token().toString());
      } else {
        reply.error(stopped(event, stops));
      }
    }
  }
}
