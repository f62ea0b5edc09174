package io.millrace.resp.command.connection;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Syntax;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.session.ClientTracking;
import io.millrace.resp.session.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** CLIENT and its subcommands. */
final class ClientCommands {
  private ClientCommands() {}

  static void id(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(ctx.session().id());
  }

  static void getName(CommandContext ctx, Args args, ReplyWriter reply) {
    var name = ctx.session().name();
    if (name.isEmpty()) {
      reply.nil();
    } else {
      reply.bulk(name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }
  }

  static void requireName(String name) {
    if (!printable(name)) {
      throw CommandException.error(
          "Client names cannot contain spaces, newlines or special characters.");
    }
  }

  private static boolean printable(String text) {
    return text.chars().allMatch(c -> c >= '!' && c <= '~');
  }

  static void setName(CommandContext ctx, Args args, ReplyWriter reply) {
    var name = args.latin(2);
    requireName(name);
    ctx.session().name(name);
    reply.ok();
  }

  static void setInfo(CommandContext ctx, Args args, ReplyWriter reply) {
    var value = args.latin(3);
    boolean library = args.is(2, "LIB-NAME");
    if (!library && !args.is(2, "LIB-VER")) {
      throw CommandException.error("Unrecognized option '" + args.shown(2) + "'");
    }
    if (!printable(value)) {
      throw CommandException.error(
          (library ? "lib-name" : "lib-ver")
              + " cannot contain spaces, newlines or special characters.");
    }
    if (library) {
      ctx.session().libraryName(value);
    } else {
      ctx.session().libraryVersion(value);
    }
    reply.ok();
  }

  private static boolean onOff(Args args) {
    if (args.is(2, "ON")) {
      return true;
    }
    if (args.is(2, "OFF")) {
      return false;
    }
    throw CommandException.SYNTAX;
  }

  static void noEvict(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.session().noEvict(onOff(args));
    reply.ok();
  }

  static void noTouch(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.session().noTouch(onOff(args));
    reply.ok();
  }

  static void reply(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.is(2, "ON")) {
      ctx.session().replyMode(Session.ReplyMode.ON);
      reply.ok();
    } else if (args.is(2, "OFF")) {
      ctx.session().replyMode(Session.ReplyMode.OFF);
    } else if (args.is(2, "SKIP")) {
      if (ctx.session().replyMode() != Session.ReplyMode.OFF) {
        ctx.session().replyMode(Session.ReplyMode.SKIP_NEXT);
      }
    } else {
      throw CommandException.SYNTAX;
    }
  }

  static void info(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.verbatim(describe(ctx, ctx.session()) + "\n");
  }

  static void list(CommandContext ctx, Args args, ReplyWriter reply) {
    Predicate<Session> shown = s -> true;
    if (args.count() > 2) {
      shown = listFilter(args);
    }
    var text = new StringBuilder();
    for (var session : ctx.server().sessions()) {
      if (shown.test(session)) {
        text.append(describe(ctx, session)).append('\n');
      }
    }
    reply.verbatim(text.toString());
  }

  private static Predicate<Session> listFilter(Args args) {
    if (args.is(2, "TYPE") && args.count() == 4) {
      var type = type(args, 3);
      return s -> type.equals(type(s));
    }
    if (args.is(2, "ID") && args.count() > 3) {
      Set<Long> ids = new HashSet<>();
      for (int i = 3; i < args.count(); i++) {
        if (!args.isInteger(i)) {
          throw CommandException.error("Invalid client ID");
        }
        ids.add(args.integer(i));
      }
      return s -> ids.contains(s.id());
    }
    throw CommandException.SYNTAX;
  }

  private static String type(Args args, int i) {
    var type = args.latin(i).toLowerCase(Locale.ROOT);
    return switch (type) {
      case "normal", "pubsub", "master", "replica" -> type;
      case "slave" -> "replica";
      default -> throw CommandException.error("Unknown client type '" + args.shown(i) + "'");
    };
  }

  private static String type(Session session) {
    return session.subscriptions().any() ? "pubsub" : "normal";
  }

  private static String describe(CommandContext ctx, Session session) {
    long now = System.currentTimeMillis();
    var queue = session.transaction();
    var last = session == ctx.session() ? null : session.lastCommand();
    var command = last == null ? session == ctx.session() ? "client" : "NULL" : last.fullName();
    return "id="
        + session.id()
        + " addr="
        + session.address()
        + " laddr="
        + session.localAddress()
        + " fd=0 name="
        + session.name()
        + " age="
        + (now - session.createdMs()) / 1000
        + " idle="
        + Math.max(0, now - session.lastActiveMs()) / 1000
        + " flags="
        + flags(ctx, session)
        + " db="
        + session.database()
        + " sub="
        + session.subscriptions().channels().size()
        + " psub="
        + session.subscriptions().patterns().size()
        + " ssub="
        + session.subscriptions().shardChannels().size()
        + " multi="
        + (queue == null ? -1 : queue.size())
        + " qbuf="
        + session.inputBytes()
        + " qbuf-free=0 argv-mem=0 multi-mem="
        + (queue == null ? 0 : queue.bytes())
        + " rbs=1024 rbp=0 obl=0 oll=0 omem="
        + session.outputBytes()
        + " tot-mem="
        + (session.inputBytes() + session.outputBytes())
        + " events=r cmd="
        + command
        + " user=default redir="
        + (session.tracking() == null ? -1 : session.tracking().redirect())
        + " resp="
        + session.protocol()
        + " lib-name="
        + session.libraryName()
        + " lib-ver="
        + session.libraryVersion();
  }

  private static String flags(CommandContext ctx, Session session) {
    var flags = new StringBuilder();
    var how = session.tracking();
    flag(flags, ctx.server().monitors().contains(session), 'O');
    flag(flags, session.subscriptions().any(), 'P');
    flag(flags, session.transaction() != null, 'x');
    flag(flags, session.waits() || ctx.server().pause().holds(session), 'b');
    flag(flags, how != null, 't');
    flag(flags, session.redirectBroken(), 'R');
    flag(flags, how != null && how.has(ClientTracking.Option.BCAST), 'B');
    flag(flags, session.watchBroken(), 'd');
    flag(flags, session.noEvict(), 'e');
    flag(flags, session.noTouch(), 'T');
    return flags.isEmpty() ? "N" : flags.toString();
  }

  private static void flag(StringBuilder flags, boolean on, char letter) {
    if (on) {
      flags.append(letter);
    }
  }

  static void unblock(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() > 4) {
      throw Syntax.subcommand(args, "CLIENT");
    }
    boolean withError = args.count() > 3 && args.is(3, "ERROR");
    if (args.count() > 3 && !withError && !args.is(3, "TIMEOUT")) {
      throw CommandException.error("CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    }
    long id = args.integer(2);
    var waiters = ctx.server().waiters();
    for (var session : ctx.server().sessions()) {
      if (session.id() == id) {
        reply.integer(waiters.unblock(session, withError, ctx.execution()) ? 1 : 0);
        return;
      }
    }
    reply.integer(0);
  }

  static void kill(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() == 3) {
      var address = args.latin(2);
      if (killAll(ctx, s -> s.address().equals(address), false) == 0) {
        throw CommandException.error("No such client");
      }
      reply.ok();
      return;
    }
    Predicate<Session> all = s -> true;
    boolean skipMe = true;
    for (int i = 2; i < args.count(); i += 2) {
      if (i + 1 == args.count()) {
        throw CommandException.SYNTAX;
      }
      if (args.is(i, "SKIPME")) {
        if (!args.is(i + 1, "YES") && !args.is(i + 1, "NO")) {
          throw CommandException.SYNTAX;
        }
        skipMe = args.is(i + 1, "YES");
      } else {
        all = all.and(killFilter(args, i));
      }
    }
    reply.integer(killAll(ctx, all, skipMe));
  }

  private static Predicate<Session> killFilter(Args args, int i) {
    var value = args.latin(i + 1);
    if (args.is(i, "ID")) {
      if (!args.isInteger(i + 1) || args.integer(i + 1) <= 0) {
        throw CommandException.error("client-id should be greater than 0");
      }
      long id = args.integer(i + 1);
      return s -> s.id() == id;
    }
    if (args.is(i, "ADDR")) {
      return s -> s.address().equals(value);
    }
    if (args.is(i, "LADDR")) {
      return s -> s.localAddress().equals(value);
    }
    if (args.is(i, "TYPE")) {
      var type = type(args, i + 1);
      return s -> type.equals(type(s));
    }
    if (args.is(i, "USER")) {
      if (!value.equals("default")) {
        throw CommandException.error("No such user '" + value + "'");
      }
      return s -> true;
    }
    throw CommandException.SYNTAX;
  }

  private static int killAll(CommandContext ctx, Predicate<Session> which, boolean skipMe) {
    int killed = 0;
    for (var session : new ArrayList<>(ctx.server().sessions())) {
      boolean me = session == ctx.session();
      if (which.test(session) && !(me && skipMe)) {
        killed++;
        if (me) {
          session.closeAfterReply();
        } else {
          session.kill();
        }
      }
    }
    return killed;
  }
}
