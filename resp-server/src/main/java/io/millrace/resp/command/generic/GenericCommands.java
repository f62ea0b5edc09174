package io.millrace.resp.command.generic;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.NOSCRIPT;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.args.Help;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import java.util.List;

/** Declarations of the commands for keys of any type. */
public final class GenericCommands {
  private static final Arg CONDITION =
      Arg.oneOf(
              "condition",
              Arg.word("nx", "NX"),
              Arg.word("xx", "XX"),
              Arg.word("gt", "GT"),
              Arg.word("lt", "LT"))
          .maybe();

  private static final Arg[] SORT = {
    Arg.key(),
    Arg.pattern("by-pattern").after("BY").maybe(),
    Arg.block("limit", Arg.integer("offset"), Arg.integer("count")).after("LIMIT").maybe(),
    Arg.pattern("get-pattern").many().eachAfter("GET").maybe(),
    Arg.oneOf("order", Arg.word("asc", "ASC"), Arg.word("desc", "DESC")).maybe(),
    Arg.word("sorting", "ALPHA").maybe()
  };

  private static final Arg[] MIGRATE = {
    Arg.string("host"),
    Arg.integer("port"),
    Arg.oneOf("key-selector", Arg.key(), Arg.word("empty-string", "\"\"")),
    Arg.integer("destination-db"),
    Arg.integer("timeout"),
    Arg.word("copy", "COPY").maybe(),
    Arg.word("replace", "REPLACE").maybe(),
    Arg.oneOf(
            "authentication",
            Arg.string("password").after("AUTH"),
            Arg.block("auth2", Arg.string("username"), Arg.string("password")).after("AUTH2"))
        .maybe(),
    Arg.key("key", 1).after("KEYS").many().maybe()
  };

  /** All generic commands. */
  public static final List<Command> ALL =
      List.of(
          command("COPY", "6.2.0", "Copies a key.", WRITE, DENYOOM)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads(), KeySpec.at(2).overwrites())
              .args(
                  Arg.key("source", 0),
                  Arg.key("destination", 1),
                  Arg.integer("destination-db").after("DB").maybe(),
                  Arg.word("replace", "REPLACE").maybe())
              .runs(MoveCommands::copy),
          command("DEL", "1.0.0", "Removes keys.", WRITE)
              .complexity("O(N)")
              .keys(KeySpec.at(1).to(-1).removes())
              .args(Arg.key().many())
              .tips("request_policy:multi_shard", "response_policy:agg_sum")
              .runs(KeyCommands::del),
          command("DUMP", "2.6.0", "Answers a value as bytes to be restored.", READONLY)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(Arg.key())
              .tips("nondeterministic_output")
              .runs(DumpCommands::dump),
          command("EXISTS", "1.0.0", "Counts the given keys that exist.", READONLY, FAST)
              .complexity("O(N)")
              .keys(KeySpec.at(1).to(-1).looks())
              .args(Arg.key().many())
              .tips("request_policy:multi_shard", "response_policy:agg_sum")
              .runs(KeyCommands::exists),
          deadline("EXPIRE", "1.0.0", "Sets the life of a key in seconds.")
              .args(Arg.key(), Arg.integer("seconds"), CONDITION)
              .runs(ExpireCommands::expire),
          deadline("EXPIREAT", "1.2.0", "Sets the deadline of a key in seconds.")
              .args(Arg.key(), Arg.unixTime("unix-time-seconds"), CONDITION)
              .runs(ExpireCommands::expireAt),
          life("EXPIRETIME", "7.0.0", "Answers the deadline of a key in seconds.")
              .runs(ExpireCommands::expireTime),
          command("KEYS", "1.0.0", "Answers all names that match a pattern.", READONLY)
              .complexity("O(N)")
              .args(Arg.pattern("pattern"))
              .categories("dangerous")
              .tips("request_policy:all_shards", "nondeterministic_output_order")
              .runs(ScanCommands::keys),
          command("MIGRATE", "2.6.0", "Moves keys to another server.", WRITE, Flag.NO_MULTI)
              .complexity("O(N)")
              .keys(
                  KeySpec.at(3).with("RW", "ACCESS", "DELETE"),
                  KeySpec.after("KEYS", -2).to(-1).with("RW", "ACCESS", "DELETE", "INCOMPLETE"))
              .categories("dangerous")
              .args(MIGRATE)
              .tips("nondeterministic_output")
              .runs(MigrateCommand::migrate),
          command("MOVE", "1.0.0", "Moves a key to another database.", WRITE, FAST)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"))
              .args(Arg.key(), Arg.integer("db"))
              .runs(MoveCommands::move),
          command("OBJECT", "2.2.3", "Looks inside keys.")
              .contains(
                  object("ENCODING", "2.2.3", "Answers how a value is said to be stored.")
                      .runs(ObjectCommands::encoding),
                  object("FREQ", "4.0.0", "Answers how often a key is used, under an LFU policy.")
                      .runs(ObjectCommands::freq),
                  Help.of(Group.GENERIC, "OBJECT", "6.2.0", Flag.LOADING, Flag.STALE),
                  object("IDLETIME", "2.2.3", "Answers how many seconds a key was not used.")
                      .runs(ObjectCommands::idleTime),
                  object("REFCOUNT", "2.2.3", "Answers the number of references, which is one.")
                      .runs(ObjectCommands::refCount)),
          command("PERSIST", "2.2.0", "Removes the deadline of a key.", WRITE, FAST)
              .keys(KeySpec.at(1).updates())
              .args(Arg.key())
              .runs(ExpireCommands::persist),
          deadline("PEXPIRE", "2.6.0", "Sets the life of a key in milliseconds.")
              .args(Arg.key(), Arg.integer("milliseconds"), CONDITION)
              .runs(ExpireCommands::pexpire),
          deadline("PEXPIREAT", "2.6.0", "Sets the deadline of a key in milliseconds.")
              .args(Arg.key(), Arg.unixTime("unix-time-milliseconds"), CONDITION)
              .runs(ExpireCommands::pexpireAt),
          life("PEXPIRETIME", "7.0.0", "Answers the deadline of a key in milliseconds.")
              .runs(ExpireCommands::pexpireTime),
          life("PTTL", "2.6.0", "Answers the rest of a key's life in milliseconds.")
              .tips("nondeterministic_output")
              .runs(ExpireCommands::pttl),
          command("RANDOMKEY", "1.0.0", "Answers the name of a random key.", READONLY)
              .tips("request_policy:all_shards", "nondeterministic_output")
              .runs(ScanCommands::randomKey),
          command("RENAME", "1.0.0", "Renames a key, over one that exists.", WRITE)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"), KeySpec.at(2).overwrites())
              .args(Arg.key("key", 0), Arg.key("newkey", 1))
              .runs(MoveCommands::rename),
          command("RENAMENX", "1.0.0", "Renames a key if the new name is free.", WRITE, FAST)
              .keys(
                  KeySpec.at(1).with("RW", "ACCESS", "DELETE"), KeySpec.at(2).with("OW", "INSERT"))
              .args(Arg.key("key", 0), Arg.key("newkey", 1))
              .runs(MoveCommands::renameNx),
          command("RESTORE", "2.6.0", "Makes a key from the bytes of DUMP.", WRITE, DENYOOM)
              .complexity("O(N*log(N))")
              .keys(KeySpec.at(1).overwrites())
              .categories("dangerous")
              .args(
                  Arg.key(),
                  Arg.integer("ttl"),
                  Arg.string("serialized-value"),
                  Arg.word("replace", "REPLACE").maybe(),
                  Arg.word("absttl", "ABSTTL").maybe(),
                  Arg.integer("seconds").after("IDLETIME").maybe(),
                  Arg.integer("frequency").after("FREQ").maybe())
              .runs(DumpCommands::restore),
          command("SCAN", "2.8.0", "Answers names part by part.", READONLY)
              .args(
                  Arg.integer("cursor"),
                  Arg.pattern("pattern").after("MATCH").maybe(),
                  Arg.integer("count").after("COUNT").maybe(),
                  Arg.string("type").after("TYPE").maybe())
              .tips("nondeterministic_output", "request_policy:special")
              .runs(ScanCommands::scan),
          command("SORT", "1.0.0", "Answers or stores elements in order.", WRITE, DENYOOM)
              .complexity("O(N+M*log(M))")
              .keys(KeySpec.at(1).reads(), KeySpec.after("STORE", 2).overwrites())
              .categories("dangerous", "list", "set", "sortedset")
              .args(SORT)
              .args(Arg.key("destination", 1).after("STORE").maybe())
              .runs(SortCommand::sort),
          command("SORT_RO", "7.0.0", "Answers elements in order.", READONLY)
              .complexity("O(N+M*log(M))")
              .keys(KeySpec.at(1).reads())
              .categories("dangerous", "list", "set", "sortedset")
              .args(SORT)
              .runs(SortCommand::sortReadOnly),
          command("TOUCH", "3.2.1", "Counts the given keys that exist as used now.", READONLY, FAST)
              .complexity("O(N)")
              .keys(KeySpec.at(1).to(-1).looks())
              .args(Arg.key().many())
              .tips("request_policy:multi_shard", "response_policy:agg_sum")
              .runs(KeyCommands::touch),
          life("TTL", "1.0.0", "Answers the rest of a key's life in seconds.")
              .tips("nondeterministic_output")
              .runs(ExpireCommands::ttl),
          command("TYPE", "1.0.0", "Answers the type of a key.", READONLY, FAST)
              .keys(KeySpec.at(1).looks())
              .args(Arg.key())
              .runs(KeyCommands::type),
          command("UNLINK", "4.0.0", "Removes keys; memory is freed behind.", WRITE, FAST)
              .complexity("O(1) for each key")
              .keys(KeySpec.at(1).to(-1).removes())
              .args(Arg.key().many())
              .tips("request_policy:multi_shard", "response_policy:agg_sum")
              .runs(KeyCommands::del),
          command("WAIT", "3.0.0", "Answers the number of replicas, which is none.", NOSCRIPT)
              .args(Arg.integer("numreplicas"), Arg.integer("timeout"))
              .tips("request_policy:all_shards", "response_policy:agg_min")
              .runs(WaitCommands::replicas),
          command("WAITAOF", "7.2.0", "Waits until what the client wrote is on disk.", NOSCRIPT)
              .categories("connection")
              .args(Arg.integer("numlocal"), Arg.integer("numreplicas"), Arg.integer("timeout"))
              .tips("request_policy:all_shards", "response_policy:agg_min")
              .runs(WaitCommands::journal));

  private GenericCommands() {}

  private static Command.Builder command(String name, String since, String summary, Flag... flags) {
    return Command.of(Group.GENERIC, name, since, summary, flags);
  }

  private static Command.Builder deadline(String name, String since, String summary) {
    return command(name, since, summary, WRITE, FAST).keys(KeySpec.at(1).updates());
  }

  private static Command.Builder life(String name, String since, String summary) {
    return command(name, since, summary, READONLY, FAST)
        .keys(KeySpec.at(1).reads())
        .args(Arg.key());
  }

  private static Command.Builder object(String name, String since, String summary) {
    return Command.sub(Group.GENERIC, "OBJECT", name, since, summary, READONLY)
        .keys(KeySpec.at(2).looks())
        .args(Arg.key())
        .tips("nondeterministic_output");
  }
}
