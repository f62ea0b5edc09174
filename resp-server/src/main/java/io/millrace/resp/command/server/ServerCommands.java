package io.millrace.resp.command.server;

import static io.millrace.resp.command.spec.Flag.ADMIN;
import static io.millrace.resp.command.spec.Flag.ALLOW_BUSY;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.LOADING;
import static io.millrace.resp.command.spec.Flag.NOSCRIPT;
import static io.millrace.resp.command.spec.Flag.NO_ASYNC_LOADING;
import static io.millrace.resp.command.spec.Flag.NO_MULTI;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.STALE;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.args.Help;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import java.util.List;

/** Declarations of the commands about the server. */
public final class ServerCommands {
  private static final Arg FLUSH_TYPE =
      Arg.oneOf("flush-type", Arg.word("async", "ASYNC"), Arg.word("sync", "SYNC")).maybe();

  /** All server commands. */
  public static final List<Command> ALL =
      List.of(
          command("BGREWRITEAOF", "1.0.0", "Starts a checkpoint.", ADMIN, NOSCRIPT)
              .flags(NO_ASYNC_LOADING)
              .runs(SaveCommands::bgRewriteAof),
          command("BGSAVE", "1.0.0", "Starts a checkpoint.", ADMIN, NOSCRIPT)
              .flags(NO_ASYNC_LOADING)
              .args(Arg.word("schedule", "SCHEDULE").maybe())
              .runs(SaveCommands::bgSave),
          command("COMMAND", "2.8.13", "Describes all commands.")
              .complexity("O(N)")
              .flags(LOADING, STALE)
              .categories("connection")
              .runsOrContains(
                  CommandCommands::all,
                  describe("COUNT", "2.8.13", "Answers the number of commands.")
                      .runs(CommandCommands::count),
                  describe("DOCS", "7.0.0", "Answers the documentation of commands.")
                      .args(Arg.string("command-name").many().maybe())
                      .runs(CommandDocs::docs),
                  describe("GETKEYS", "2.8.13", "Answers the keys of a full command.")
                      .args(Arg.string("command"), Arg.string("arg").many().maybe())
                      .runs(CommandCommands::getKeys),
                  describe("GETKEYSANDFLAGS", "7.0.0", "Answers a command's keys and their use.")
                      .args(Arg.string("command"), Arg.string("arg").many().maybe())
                      .runs(CommandCommands::getKeysAndFlags),
                  describe("HELP", "5.0.0", "Describes the subcommands.")
                      .runs(Help.handler("COMMAND")),
                  describe("INFO", "2.8.13", "Describes some commands.")
                      .args(Arg.string("command-name").many().maybe())
                      .runs(CommandCommands::info),
                  describe("LIST", "7.0.0", "Answers the names of commands.")
                      .args(
                          Arg.oneOf(
                                  "filterby",
                                  Arg.string("module-name").after("MODULE"),
                                  Arg.string("category").after("ACLCAT"),
                                  Arg.pattern("pattern").after("PATTERN"))
                              .after("FILTERBY")
                              .maybe())
                      .runs(CommandCommands::list)),
          command("CONFIG", "2.0.0", "Reads and changes settings.")
              .contains(
                  config("GET", "2.0.0", "Answers settings by pattern.")
                      .args(Arg.string("parameter").many())
                      .runs(ConfigCommands::get),
                  Help.of(Group.SERVER, "CONFIG", "5.0.0", LOADING, STALE),
                  config("RESETSTAT", "2.0.0", "Sets all counters to zero.")
                      .runs(ConfigCommands::resetStat),
                  config("REWRITE", "2.8.0", "Writes the settings to the configuration file.")
                      .runs(ConfigCommands::rewrite),
                  config("SET", "2.0.0", "Changes settings.")
                      .args(Arg.block("data", Arg.string("parameter"), Arg.string("value")).many())
                      .runs(ConfigCommands::set)),
          command("DBSIZE", "1.0.0", "Answers the number of keys.", READONLY, FAST)
              .categories("keyspace")
              .tips("request_policy:all_shards", "response_policy:agg_sum")
              .runs(FlushCommands::dbSize),
          command("DEBUG", "1.0.0", "Tools for tests.", ADMIN, NOSCRIPT, LOADING, STALE)
              .args(Arg.string("subcommand"), Arg.string("argument").many().maybe())
              .runs(DebugCommand::debug),
          command("FLUSHALL", "1.0.0", "Removes all keys of all databases.", WRITE)
              .categories("keyspace", "dangerous")
              .args(FLUSH_TYPE)
              .tips("request_policy:all_shards", "response_policy:all_succeeded")
              .runs(FlushCommands::flushAll),
          command("FLUSHDB", "1.0.0", "Removes all keys of the database.", WRITE)
              .categories("keyspace", "dangerous")
              .args(FLUSH_TYPE)
              .tips("request_policy:all_shards", "response_policy:all_succeeded")
              .runs(FlushCommands::flushDb),
          command("INFO", "1.0.0", "Describes the server.", LOADING, STALE)
              .categories("dangerous")
              .args(Arg.string("section").many().maybe())
              .tips("nondeterministic_output", "request_policy:all_shards")
              .runs(InfoCommand::info),
          command("LASTSAVE", "1.0.0", "Answers when the last checkpoint was.", LOADING, STALE)
              .flags(FAST)
              .categories("admin", "dangerous")
              .tips("nondeterministic_output")
              .runs(SaveCommands::lastSave),
          command("LATENCY", "2.8.13", "Looks at delays.")
              .contains(
                  latency("DOCTOR", "Describes delays in words.").runs(LatencyCommands::doctor),
                  latency("GRAPH", "Draws the delays of an event.")
                      .args(Arg.string("event"))
                      .runs(LatencyCommands::graph),
                  Help.of(Group.SERVER, "LATENCY", "2.8.13", LOADING, STALE),
                  latency("HISTOGRAM", "Answers the distribution of durations of commands.")
                      .args(Arg.string("command").many().maybe())
                      .runs(LatencyCommands::histogram),
                  latency("HISTORY", "Answers the delays of an event.")
                      .args(Arg.string("event"))
                      .runs(LatencyCommands::history),
                  latency("LATEST", "Answers the newest delays.").runs(LatencyCommands::latest),
                  latency("RESET", "Forgets delays.")
                      .args(Arg.string("event").many().maybe())
                      .runs(LatencyCommands::reset)),
          command("MEMORY", "4.0.0", "Looks at memory.")
              .contains(
                  memory("DOCTOR", "Describes memory in words.").runs(MemoryCommands::doctor),
                  Help.of(Group.SERVER, "MEMORY", "4.0.0"),
                  memory("MALLOC-STATS", "Answers figures of the allocator.")
                      .runs(MemoryCommands::mallocStats),
                  memory("PURGE", "Gives memory back to the system.").runs(MemoryCommands::purge),
                  memory("STATS", "Answers figures of memory.").runs(MemoryCommands::stats),
                  memory("USAGE", "Answers the bytes a key occupies.", READONLY)
                      .keys(KeySpec.at(2).looks())
                      .args(Arg.key(), Arg.integer("count").after("SAMPLES").maybe())
                      .runs(MemoryCommands::usage)),
          command("MODULE", "4.0.0", "Looks at loaded extensions.")
              .contains(
                  Command.sub(
                          Group.SERVER, "MODULE", "LIST", "4.0.0", "Answers the loaded extensions.")
                      .flags(ADMIN, NOSCRIPT)
                      .runs((ctx, args, reply) -> reply.array(0))),
          command("MONITOR", "1.0.0", "Shows the commands of all.", ADMIN, NOSCRIPT, LOADING, STALE)
              .runs(MonitorCommand::monitor),
          command("ROLE", "2.8.12", "Answers the role in replication.", NOSCRIPT, LOADING, STALE)
              .flags(FAST)
              .categories("admin", "dangerous")
              .runs(SaveCommands::role),
          command("SAVE", "1.0.0", "Makes a checkpoint.", ADMIN, NOSCRIPT)
              .flags(NO_ASYNC_LOADING, NO_MULTI)
              .runs(SaveCommands::save),
          command("SHUTDOWN", "1.0.0", "Stops the server.", ADMIN, NOSCRIPT, LOADING, STALE)
              .flags(NO_MULTI, ALLOW_BUSY)
              .args(
                  Arg.oneOf("save-selector", Arg.word("nosave", "NOSAVE"), Arg.word("save", "SAVE"))
                      .maybe(),
                  Arg.word("now", "NOW").maybe(),
                  Arg.word("force", "FORCE").maybe(),
                  Arg.word("abort", "ABORT").maybe())
              .runs(SaveCommands::shutdown),
          command("SLOWLOG", "2.2.12", "Looks at slow commands.")
              .contains(
                  slowLog("GET", "Answers the newest slow commands.")
                      .args(Arg.integer("count").maybe())
                      .runs(SlowLogCommands::get),
                  Help.of(Group.SERVER, "SLOWLOG", "2.2.12", LOADING, STALE),
                  slowLog("LEN", "Answers the number of entries.").runs(SlowLogCommands::len),
                  slowLog("RESET", "Removes all entries.").runs(SlowLogCommands::reset)),
          command("SWAPDB", "4.0.0", "Exchanges two databases.", WRITE, FAST)
              .categories("keyspace", "dangerous")
              .args(Arg.integer("index1"), Arg.integer("index2"))
              .runs(FlushCommands::swapDb),
          command("TIME", "2.6.0", "Answers the time.", LOADING, STALE, FAST)
              .tips("nondeterministic_output")
              .runs(SaveCommands::time));

  private ServerCommands() {}

  private static Command.Builder command(String name, String since, String summary, Flag... flags) {
    return Command.of(Group.SERVER, name, since, summary, flags);
  }

  private static Command.Builder describe(String name, String since, String summary) {
    return Command.sub(Group.SERVER, "COMMAND", name, since, summary, LOADING, STALE)
        .categories("connection");
  }

  private static Command.Builder config(String name, String since, String summary) {
    return Command.sub(
        Group.SERVER, "CONFIG", name, since, summary, ADMIN, NOSCRIPT, LOADING, STALE);
  }

  private static Command.Builder latency(String name, String summary) {
    return Command.sub(
        Group.SERVER, "LATENCY", name, "2.8.13", summary, ADMIN, NOSCRIPT, LOADING, STALE);
  }

  private static Command.Builder memory(String name, String summary, Flag... flags) {
    return Command.sub(Group.SERVER, "MEMORY", name, "4.0.0", summary, flags);
  }

  private static Command.Builder slowLog(String name, String summary) {
    return Command.sub(Group.SERVER, "SLOWLOG", name, "2.2.12", summary, ADMIN, LOADING, STALE);
  }
}
