package io.millrace.resp.command.connection;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.server.Identity;
import io.millrace.resp.server.Passwords;

/** PING, SELECT, HELLO and the like. */
final class SessionCommands {
  private static final String WRONG_PASSWORD =
      "WRONGPASS invalid username-password pair or user is disabled.";
  private static final String DEFAULT_USER = "default";

  private SessionCommands() {}

  static void ping(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() > 2) {
      throw CommandException.error("wrong number of arguments for 'ping' command");
    }
    var session = ctx.session();
    if (session.protocol() == 2 && session.subscriptions().any()) {
      reply.array(2);
      reply.bulk("pong");
      if (args.count() == 2) {
        reply.bulk(args.array(), args.offset(1), args.length(1));
      } else {
        reply.bulk("");
      }
    } else if (args.count() == 2) {
      reply.bulk(args.array(), args.offset(1), args.length(1));
    } else {
      reply.simple("PONG");
    }
  }

  static void echo(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.bulk(args.array(), args.offset(1), args.length(1));
  }

  static void select(CommandContext ctx, Args args, ReplyWriter reply) {
    if (!args.isInteger(1)) {
      throw CommandException.NOT_AN_INTEGER;
    }
    long index = args.integer(1);
    if (index != (int) index) {
      throw CommandException.NOT_AN_INTEGER;
    }
    if (index < 0 || index >= Keyspace.DATABASES) {
      throw CommandException.DB_INDEX;
    }
    ctx.select((int) index);
    reply.ok();
  }

  static void quit(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.ok();
    ctx.session().closeAfterReply();
  }

  static void reset(CommandContext ctx, Args args, ReplyWriter reply) {
    var session = ctx.session();
    session.transaction(null);
    session.unwatch(ctx.keyspace().watches());
    ctx.server().pubSub().leave(session.subscriptions());
    ctx.server().monitors().remove(session);
    ctx.server().tracking().stop(session);
    session.redirectBroken(false);
    session.caching(false);
    session.protocol(2);
    ctx.select(0);
    session.name("");
    session.replyMode(io.millrace.resp.session.Session.ReplyMode.ON);
    session.noTouch(false);
    session.noEvict(false);
    ctx.server().doorkeeper().beginsAgain(session, System.currentTimeMillis());
    reply.protocol(2);
    reply.simple("RESET");
  }

  private static String password(CommandContext ctx) {
    return ctx.server().settings().value("requirepass");
  }

  static void auth(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() > 3) {
      throw CommandException.SYNTAX;
    }
    boolean named = args.count() == 3;
    if (!named && password(ctx).isEmpty()) {
      throw CommandException.error(
          "AUTH <password> called without any password configured for the default user. Are you"
              + " sure your configuration is correct?");
    }
    login(ctx, named ? args.text(1) : DEFAULT_USER, args.bytes(args.count() - 1));
    reply.ok();
  }

  private static void login(CommandContext ctx, String user, byte[] given) {
    var wanted = password(ctx);
    boolean right = Passwords.equal(given, wanted) || wanted.isEmpty();
    if (!user.equals(DEFAULT_USER) || !right) {
      ctx.server().doorkeeper().failed(ctx.session());
      throw new CommandException(WRONG_PASSWORD);
    }
    ctx.server().doorkeeper().loggedIn(ctx.session());
  }

  static void hello(CommandContext ctx, Args args, ReplyWriter reply) {
    var session = ctx.session();
    int version = 0;
    int next = 1;
    if (args.count() > 1) {
      if (!args.isInteger(1)) {
        throw CommandException.error("Protocol version is not an integer or out of range");
      }
      long wanted = args.integer(1);
      if (wanted < 2 || wanted > 3) {
        throw new CommandException("NOPROTO unsupported protocol version");
      }
      version = (int) wanted;
      next = 2;
    }
    String user = null;
    byte[] given = {};
    String name = null;
    while (next < args.count()) {
      int more = args.count() - next - 1;
      if (args.is(next, "AUTH") && more >= 2) {
        user = args.text(next + 1);
        given = args.bytes(next + 2);
        next += 3;
      } else if (args.is(next, "SETNAME") && more >= 1) {
        name = args.latin(next + 1);
        ClientCommands.requireName(name);
        next += 2;
      } else {
        throw CommandException.error("Syntax error in HELLO option '" + args.shown(next) + "'");
      }
    }
    if (user != null) {
      login(ctx, user, given);
    }
    if (!session.authenticated()) {
      throw new CommandException(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
              + " <proto> AUTH <user> <pass> option can be used to authenticate the client and"
              + " select the RESP protocol version at the same time");
    }
    if (name != null) {
      session.name(name);
    }
    if (version != 0) {
      session.protocol(version);
    }
    reply.protocol(session.protocol());
    replyHello(ctx, reply);
  }

  private static void replyHello(CommandContext ctx, ReplyWriter reply) {
    reply.map(7);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(Identity.REDIS_VERSION);
    reply.bulk("proto");
    reply.integer(ctx.session().protocol());
    reply.bulk("id");
    reply.integer(ctx.session().id());
    reply.bulk("mode");
    reply.bulk("standalone");
    reply.bulk("role");
    reply.bulk("master");
    reply.bulk("modules");
    reply.array(0);
  }
}
