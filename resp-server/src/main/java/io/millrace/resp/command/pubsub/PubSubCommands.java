package io.millrace.resp.command.pubsub;

import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.LOADING;
import static io.millrace.resp.command.spec.Flag.MAY_REPLICATE;
import static io.millrace.resp.command.spec.Flag.NOSCRIPT;
import static io.millrace.resp.command.spec.Flag.PUBSUB;
import static io.millrace.resp.command.spec.Flag.STALE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.Help;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.command.spec.Syntax;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Glob;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.server.PubSub;
import io.millrace.resp.session.Lent;
import io.millrace.resp.session.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Publish and subscribe. */
public final class PubSubCommands {
  private static final Arg CHANNELS = Arg.string("channel").many();
  private static final Arg PATTERNS = Arg.pattern("pattern").many();
  private static final Arg SHARD_CHANNELS = Arg.string("shardchannel").many();

  /** All commands of this group. */
  public static final List<Command> ALL =
      List.of(
          listen("PSUBSCRIBE", "2.0.0", "Listens to channels by pattern.")
              .args(PATTERNS)
              .runs(PubSubCommands::psubscribe),
          Command.named("PUBLISH")
              .in(Group.PUBSUB)
              .since("2.0.0")
              .summary("Sends a message to a channel.")
              .complexity("O(N+M)")
              .flags(PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE)
              .args(Arg.string("channel"), Arg.string("message"))
              .runs(PubSubCommands::publish),
          Command.named("PUBSUB")
              .in(Group.PUBSUB)
              .since("2.8.0")
              .summary("Looks at channels and their listeners.")
              .contains(
                  look("CHANNELS", "2.8.0", "Answers the channels with listeners.")
                      .args(Arg.pattern("pattern").maybe())
                      .runs((ctx, args, reply) -> names(args, reply, channels(ctx))),
                  Help.of(Group.PUBSUB, "PUBSUB", "6.2.0", LOADING, STALE),
                  look("NUMPAT", "2.8.0", "Answers the number of patterns listened to.")
                      .runs((ctx, args, reply) ->
                          reply.integer(ctx.server().pubSub().patterns().size())),
                  look("NUMSUB", "2.8.0", "Answers the number of listeners of channels.")
                      .args(Arg.string("channel").many().maybe())
                      .runs((ctx, args, reply) -> counts(args, reply, channels(ctx))),
                  look("SHARDCHANNELS", "7.0.0", "Answers the shard channels with listeners.")
                      .args(Arg.pattern("pattern").maybe())
                      .runs((ctx, args, reply) -> names(args, reply, shardChannels(ctx))),
                  look("SHARDNUMSUB", "7.0.0", "Answers the number of shard channels' listeners.")
                      .args(Arg.string("shardchannel").many().maybe())
                      .runs((ctx, args, reply) -> counts(args, reply, shardChannels(ctx)))),
          listen("PUNSUBSCRIBE", "2.0.0", "Ends listening by pattern.")
              .args(PATTERNS.maybe())
              .runs(PubSubCommands::punsubscribe),
          Command.named("SPUBLISH")
              .in(Group.PUBSUB)
              .since("7.0.0")
              .summary("Sends a message to a shard channel.")
              .flags(PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE)
              .keys(KeySpec.at(1).with("NOT_KEY"))
              .args(Arg.string("shardchannel"), Arg.string("message"))
              .runs(PubSubCommands::spublish),
          listen("SSUBSCRIBE", "7.0.0", "Listens to shard channels.")
              .keys(KeySpec.at(1).to(-1).with("NOT_KEY"))
              .args(SHARD_CHANNELS)
              .runs(PubSubCommands::ssubscribe),
          listen("SUBSCRIBE", "2.0.0", "Listens to channels.")
              .args(CHANNELS)
              .runs(PubSubCommands::subscribe),
          listen("SUNSUBSCRIBE", "7.0.0", "Ends listening to shard channels.")
              .keys(KeySpec.at(1).to(-1).with("NOT_KEY"))
              .args(SHARD_CHANNELS.maybe())
              .runs(PubSubCommands::sunsubscribe),
          listen("UNSUBSCRIBE", "2.0.0", "Ends listening to channels.")
              .args(CHANNELS.maybe())
              .runs(PubSubCommands::unsubscribe));

  private PubSubCommands() {}

  private static Command.Builder listen(String name, String since, String summary) {
    return Command.named(name)
        .in(Group.PUBSUB)
        .since(since)
        .summary(summary)
        .complexity("O(N)")
        .flags(PUBSUB, NOSCRIPT, LOADING, STALE);
  }

  private static Command.Builder look(String name, String since, String summary) {
    return Command.sub(Group.PUBSUB, "PUBSUB", name, since, summary, PUBSUB, LOADING, STALE);
  }

  private static Map<String, Set<Subscriptions>> channels(CommandContext ctx) {
    return ctx.server().pubSub().channels();
  }

  private static Map<String, Set<Subscriptions>> shardChannels(CommandContext ctx) {
    return ctx.server().pubSub().shardChannels();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void names(Args args, ReplyWriter reply, Map<String, Set<Subscriptions>> all) {
    if (args.count() > 3) {
      throw Syntax.subcommand(args, "PUBSUB");
    }
    int mark = reply.size();
    int count = 0;
    var glob = args.count() > 2 ? args.bytes(2) : null;
    for (var name : all.keySet()) {
      var bytes = latin(name);
      if (glob == null || Glob.matches(glob, 0, glob.length, bytes, 0, bytes.length)) {
        reply.bulk(bytes);
        count++;
      }
    }
    reply.wrapArray(mark, count);
  }

  private static void counts(Args args, ReplyWriter reply, Map<String, Set<Subscriptions>> all) {
    reply.array(2 * (args.count() - 2));
    for (int i = 2; i < args.count(); i++) {
      reply.bulk(args.array(), args.offset(i), args.length(i));
      reply.integer(all.getOrDefault(args.latin(i), Set.of()).size());
    }
  }

  private static void publish(CommandContext ctx, Args args, ReplyWriter reply) {
    var channel = args.latin(1);
    var hub = ctx.server().pubSub();
    int receivers = hub.receivers(channel);
    reply.integer(receivers);
    if (receivers > 0) {
      send(ctx, args, message -> hub.publish(channel, message, ctx.position()));
    }
  }

  private static void spublish(CommandContext ctx, Args args, ReplyWriter reply) {
    var channel = args.latin(1);
    var hub = ctx.server().pubSub();
    int receivers = hub.shardChannels().getOrDefault(channel, Set.of()).size();
    reply.integer(receivers);
    if (receivers > 0) {
      send(ctx, args, message -> hub.publishShard(channel, message, ctx.position()));
    }
  }

  /** Sends a copy of the message once the command has run; refused before when it is too much. */
  private static void send(CommandContext ctx, Args args, Consumer<byte[]> hub) {
    var memory = ctx.server().memory();
    int taken = args.length(2) >= Lent.LARGE ? args.length(2) : 0;
    // The copy, and one frame of its size.
    if (!memory.take(2L * taken)) {
      throw new CommandException("OOM there is no memory for the message now");
    }
    memory.give(2L * taken);
    var message = args.bytes(2);
    ctx.afterwards(() -> {
      memory.takeAnyway(taken);
      try {
        hub.accept(message);
      } finally {
        memory.give(taken);
      }
    });
  }

  private static void confirm(ReplyWriter reply, String kind, String name, int count) {
    reply.push(3);
    reply.bulk(kind);
    reply.bulk(latin(name));
    reply.integer(count);
  }

  private static void subscribe(CommandContext ctx, Args args, ReplyWriter reply) {
    var own = ctx.session().subscriptions();
    for (int i = 1; i < args.count(); i++) {
      PubSub.join(channels(ctx), own.channels(), args.latin(i), own);
      confirm(reply, "subscribe", args.latin(i), own.count());
    }
  }

  private static void psubscribe(CommandContext ctx, Args args, ReplyWriter reply) {
    var own = ctx.session().subscriptions();
    for (int i = 1; i < args.count(); i++) {
      PubSub.join(ctx.server().pubSub().patterns(), own.patterns(), args.latin(i), own);
      confirm(reply, "psubscribe", args.latin(i), own.count());
    }
  }

  private static void ssubscribe(CommandContext ctx, Args args, ReplyWriter reply) {
    var own = ctx.session().subscriptions();
    for (int i = 1; i < args.count(); i++) {
      PubSub.join(shardChannels(ctx), own.shardChannels(), args.latin(i), own);
      confirm(reply, "ssubscribe", args.latin(i), own.shardChannels().size());
    }
  }

  private static void unsubscribe(CommandContext ctx, Args args, ReplyWriter reply) {
    var own = ctx.session().subscriptions();
    var names = given(args, own.channels());
    for (var name : names) {
      PubSub.part(channels(ctx), own.channels(), name, own);
      confirm(reply, "unsubscribe", name, own.count());
    }
    confirmNone(names, reply, "unsubscribe", own.count());
  }

  private static void punsubscribe(CommandContext ctx, Args args, ReplyWriter reply) {
    var own = ctx.session().subscriptions();
    var names = given(args, own.patterns());
    for (var name : names) {
      PubSub.part(ctx.server().pubSub().patterns(), own.patterns(), name, own);
      confirm(reply, "punsubscribe", name, own.count());
    }
    confirmNone(names, reply, "punsubscribe", own.count());
  }

  private static void sunsubscribe(CommandContext ctx, Args args, ReplyWriter reply) {
    var own = ctx.session().subscriptions();
    var names = given(args, own.shardChannels());
    for (var name : names) {
      PubSub.part(shardChannels(ctx), own.shardChannels(), name, own);
      confirm(reply, "sunsubscribe", name, own.shardChannels().size());
    }
    confirmNone(names, reply, "sunsubscribe", own.shardChannels().size());
  }

  private static List<String> given(Args args, Set<String> all) {
    if (args.count() == 1) {
      return List.copyOf(all);
    }
    var names = new java.util.ArrayList<String>();
    for (int i = 1; i < args.count(); i++) {
      names.add(args.latin(i));
    }
    return names;
  }

  /** Leaving everything while listening to nothing is confirmed once, without a name. */
  private static void confirmNone(List<String> names, ReplyWriter reply, String kind, int count) {
    if (names.isEmpty()) {
      reply.push(3);
      reply.bulk(kind);
      reply.nil();
      reply.integer(count);
    }
  }
}
