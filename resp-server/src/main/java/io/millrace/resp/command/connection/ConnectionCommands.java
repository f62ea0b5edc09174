package io.millrace.resp.command.connection;

import static io.millrace.resp.command.spec.Flag.ADMIN;
import static io.millrace.resp.command.spec.Flag.ALLOW_BUSY;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.LOADING;
import static io.millrace.resp.command.spec.Flag.NOSCRIPT;
import static io.millrace.resp.command.spec.Flag.NO_AUTH;
import static io.millrace.resp.command.spec.Flag.STALE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.args.Help;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import java.util.List;

/** Declarations of the commands about the connection. */
public final class ConnectionCommands {
  /** All connection commands. */
  public static final List<Command> ALL =
      List.of(
          command("AUTH", "1.0.0", "Logs in.", NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
              .args(Arg.string("username").maybe(), Arg.string("password"))
              .runs(SessionCommands::auth),
          command("CLIENT", "2.4.0", "Looks at and changes client connections.")
              .contains(
                  client("CACHING", "6.0.0", "Chooses tracking of the next command's keys.")
                      .args(Arg.oneOf("mode", Arg.word("yes", "YES"), Arg.word("no", "NO")))
                      .runs(TrackingCommands::caching),
                  client("GETNAME", "2.6.9", "Answers the name of the connection.")
                      .runs(ClientCommands::getName),
                  client("GETREDIR", "6.0.0", "Answers where tracking messages go.")
                      .runs(TrackingCommands::getRedir),
                  Help.of(Group.CONNECTION, "CLIENT", "5.0.0", NOSCRIPT, LOADING, STALE),
                  client("ID", "5.0.0", "Answers the number of the connection.")
                      .runs(ClientCommands::id),
                  client("INFO", "6.2.0", "Describes the connection.")
                      .tips("nondeterministic_output")
                      .runs(ClientCommands::info),
                  client("KILL", "2.4.0", "Closes connections.", ADMIN)
                      .args(Arg.string("filter").many())
                      .runs(ClientCommands::kill),
                  client("LIST", "2.4.0", "Describes all connections.", ADMIN)
                      .args(
                          Arg.oneOf(
                                  "client-type",
                                  Arg.word("normal", "NORMAL"),
                                  Arg.word("master", "MASTER"),
                                  Arg.word("replica", "REPLICA"),
                                  Arg.word("pubsub", "PUBSUB"))
                              .after("TYPE")
                              .maybe(),
                          Arg.integer("client-id").many().after("ID").maybe())
                      .tips("nondeterministic_output")
                      .runs(ClientCommands::list),
                  client("NO-EVICT", "7.0.0", "Spares the connection from eviction.", ADMIN)
                      .args(Arg.oneOf("enabled", Arg.word("on", "ON"), Arg.word("off", "OFF")))
                      .runs(ClientCommands::noEvict),
                  client("NO-TOUCH", "7.2.0", "Keeps reads from renewing access times.")
                      .args(Arg.oneOf("enabled", Arg.word("on", "ON"), Arg.word("off", "OFF")))
                      .runs(ClientCommands::noTouch),
                  client("PAUSE", "3.0.0", "Makes the commands of all wait for a time.", ADMIN)
                      .args(
                          Arg.integer("timeout"),
                          Arg.oneOf("mode", Arg.word("write", "WRITE"), Arg.word("all", "ALL"))
                              .maybe())
                      .runs(PauseCommands::pause),
                  client("REPLY", "3.2.0", "Chooses whether replies are sent.")
                      .args(
                          Arg.oneOf(
                              "action",
                              Arg.word("on", "ON"),
                              Arg.word("off", "OFF"),
                              Arg.word("skip", "SKIP")))
                      .runs(ClientCommands::reply),
                  client("SETINFO", "7.2.0", "Tells the name or version of the client library.")
                      .args(Arg.string("attribute"), Arg.string("value"))
                      .runs(ClientCommands::setInfo),
                  client("SETNAME", "2.6.9", "Names the connection.")
                      .args(Arg.string("connection-name"))
                      .runs(ClientCommands::setName),
                  client("TRACKING", "6.0.0", "Tells of changes of what the connection reads.")
                      .args(
                          Arg.oneOf("status", Arg.word("on", "ON"), Arg.word("off", "OFF")),
                          Arg.integer("client-id").after("REDIRECT").maybe(),
                          Arg.string("prefix").eachAfter("PREFIX").maybe(),
                          Arg.word("bcast", "BCAST").maybe(),
                          Arg.word("optin", "OPTIN").maybe(),
                          Arg.word("optout", "OPTOUT").maybe(),
                          Arg.word("noloop", "NOLOOP").maybe())
                      .runs(TrackingCommands::tracking),
                  client("TRACKINGINFO", "6.2.0", "Describes the tracking of the connection.")
                      .runs(TrackingCommands::trackingInfo),
                  client("UNBLOCK", "5.0.0", "Ends the wait of another connection.", ADMIN)
                      .args(
                          Arg.integer("client-id"),
                          Arg.oneOf(
                                  "unblock-type",
                                  Arg.word("timeout", "TIMEOUT"),
                                  Arg.word("error", "ERROR"))
                              .maybe())
                      .runs(ClientCommands::unblock),
                  client("UNPAUSE", "6.2.0", "Lets commands go on that wait.", ADMIN)
                      .complexity("O(N)")
                      .runs(PauseCommands::unpause)),
          command("ECHO", "1.0.0", "Answers its argument.", LOADING, STALE, FAST)
              .args(Arg.string("message"))
              .runs(SessionCommands::echo),
          command(
                  "HELLO",
                  "6.0.0",
                  "Chooses the protocol version.",
                  NOSCRIPT,
                  LOADING,
                  STALE,
                  FAST,
                  NO_AUTH,
                  ALLOW_BUSY)
              .args(
                  Arg.block(
                          "arguments",
                          Arg.integer("protover"),
                          Arg.block("auth", Arg.string("username"), Arg.string("password"))
                              .after("AUTH")
                              .maybe(),
                          Arg.string("clientname").after("SETNAME").maybe())
                      .maybe())
              .runs(SessionCommands::hello),
          command("PING", "1.0.0", "Answers PONG, or its argument.", FAST)
              .args(Arg.string("message").maybe())
              .tips("request_policy:all_shards", "response_policy:all_succeeded")
              .runs(SessionCommands::ping),
          command(
                  "QUIT",
                  "1.0.0",
                  "Closes the connection.",
                  NOSCRIPT,
                  LOADING,
                  STALE,
                  FAST,
                  NO_AUTH,
                  ALLOW_BUSY)
              // Redis lets any arguments pass.
              .arity(-1)
              .runs(SessionCommands::quit),
          command(
                  "RESET",
                  "6.2.0",
                  "Takes the connection back to its start.",
                  NOSCRIPT,
                  LOADING,
                  STALE,
                  FAST,
                  NO_AUTH,
                  ALLOW_BUSY)
              .runs(SessionCommands::reset),
          command("SELECT", "1.0.0", "Chooses the database.", LOADING, STALE, FAST)
              .args(Arg.integer("index"))
              .runs(SessionCommands::select));

  private ConnectionCommands() {}

  private static Command.Builder command(String name, String since, String summary, Flag... flags) {
    return Command.of(Group.CONNECTION, name, since, summary, flags);
  }

  private static Command.Builder client(String name, String since, String summary, Flag... flags) {
    return Command.sub(Group.CONNECTION, "CLIENT", name, since, summary, NOSCRIPT, LOADING, STALE)
        .flags(flags);
  }
}
