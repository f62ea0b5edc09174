package io.millrace.resp.command.string;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import java.util.List;

/** Declarations of the string commands. */
public final class StringCommands {
  private static final Arg EX = Arg.integer("seconds").after("EX");
  private static final Arg PX = Arg.integer("milliseconds").after("PX");
  private static final Arg EXAT = Arg.unixTime("unix-time-seconds").after("EXAT");
  private static final Arg PXAT = Arg.unixTime("unix-time-milliseconds").after("PXAT");

  /** All string commands. */
  public static final List<Command> ALL =
      List.of(
          write("APPEND", "2.0.0", "Adds bytes to the end of a string.", FAST)
              .keys(KeySpec.at(1).inserts())
              .args(Arg.key(), Arg.string("value"))
              .runs(EditCommands::append),
          count("DECR", "Subtracts one from a number.").args(Arg.key()).runs(CounterCommands::decr),
          count("DECRBY", "Subtracts from a number.")
              .args(Arg.key(), Arg.integer("decrement"))
              .runs(CounterCommands::decrBy),
          read("GET", "1.0.0", "Answers the string of a key.", FAST)
              .args(Arg.key())
              .runs(ValueCommands::get),
          write("GETDEL", "6.2.0", "Answers the string of a key and removes the key.", FAST)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "DELETE"))
              .args(Arg.key())
              .runs(ValueCommands::getDel),
          write("GETEX", "6.2.0", "Answers the string of a key and sets its deadline.", FAST)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE"))
              .args(
                  Arg.key(),
                  Arg.oneOf("expiration", EX, PX, EXAT, PXAT, Arg.word("persist", "PERSIST"))
                      .maybe())
              .runs(ValueCommands::getEx),
          read("GETRANGE", "2.4.0", "Answers a part of a string.")
              .complexity("O(N)")
              .args(Arg.key(), Arg.integer("start"), Arg.integer("end"))
              .runs(EditCommands::getRange),
          write("GETSET", "1.0.0", "Sets a string and answers the one before.", DENYOOM, FAST)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE"))
              .args(Arg.key(), Arg.string("value"))
              .runs(ValueCommands::getSet),
          count("INCR", "Adds one to a number.").args(Arg.key()).runs(CounterCommands::incr),
          count("INCRBY", "Adds to a number.")
              .args(Arg.key(), Arg.integer("increment"))
              .runs(CounterCommands::incrBy),
          count("INCRBYFLOAT", "Adds to a number that may have decimals.")
              .since("2.6.0")
              .args(Arg.key(), Arg.number("increment"))
              .runs(CounterCommands::incrByFloat),
          read("LCS", "7.0.0", "Answers the longest common subsequence of two strings.")
              .complexity("O(N*M)")
              .onlyKeys(KeySpec.at(1).to(1).reads())
              .args(
                  Arg.key("key1", 0),
                  Arg.key("key2", 0),
                  Arg.word("len", "LEN").maybe(),
                  Arg.word("idx", "IDX").maybe(),
                  Arg.integer("min-match-len").after("MINMATCHLEN").maybe(),
                  Arg.word("withmatchlen", "WITHMATCHLEN").maybe())
              .runs(LcsCommand::lcs),
          read("MGET", "1.0.0", "Answers the strings of several keys.", FAST)
              .complexity("O(N)")
              .onlyKeys(KeySpec.at(1).to(-1).reads())
              .args(Arg.key().many())
              .tips("request_policy:multi_shard")
              .runs(ValueCommands::mget),
          write("MSET", "1.0.1", "Sets several strings at once.")
              .complexity("O(N)")
              .keys(KeySpec.at(1).to(-1).every(2).overwrites())
              .args(Arg.block("data", Arg.key(), Arg.string("value")).many())
              .tips("request_policy:multi_shard", "response_policy:all_succeeded")
              .runs(ValueCommands::mset),
          write("MSETNX", "1.0.1", "Sets several strings at once if none of the keys exists.")
              .complexity("O(N)")
              .keys(KeySpec.at(1).to(-1).every(2).with("OW", "INSERT"))
              .args(Arg.block("data", Arg.key(), Arg.string("value")).many())
              .runs(ValueCommands::msetNx),
          write("PSETEX", "2.6.0", "Sets a string with a life in milliseconds.")
              .keys(KeySpec.at(1).overwrites())
              .args(Arg.key(), Arg.integer("milliseconds"), Arg.string("value"))
              .runs(ValueCommands::psetEx),
          write("SET", "1.0.0", "Sets a string, whatever was there before.")
              .keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE", "VARIABLE_FLAGS"))
              .args(
                  Arg.key(),
                  Arg.string("value"),
                  Arg.oneOf("condition", Arg.word("nx", "NX"), Arg.word("xx", "XX")).maybe(),
                  Arg.word("get", "GET").maybe(),
                  Arg.oneOf("expiration", EX, PX, EXAT, PXAT, Arg.word("keepttl", "KEEPTTL"))
                      .maybe())
              .runs(ValueCommands::set),
          write("SETEX", "2.0.0", "Sets a string with a life in seconds.")
              .keys(KeySpec.at(1).overwrites())
              .args(Arg.key(), Arg.integer("seconds"), Arg.string("value"))
              .runs(ValueCommands::setEx),
          write("SETNX", "1.0.0", "Sets a string if the key does not exist.", FAST)
              .keys(KeySpec.at(1).with("OW", "INSERT"))
              .args(Arg.key(), Arg.string("value"))
              .runs(ValueCommands::setNx),
          write("SETRANGE", "2.2.0", "Overwrites a part of a string.")
              .complexity("O(N)")
              .keys(KeySpec.at(1).updates())
              .args(Arg.key(), Arg.integer("offset"), Arg.string("value"))
              .runs(EditCommands::setRange),
          Command.named("STRLEN")
              .in(Group.STRING)
              .since("2.2.0")
              .summary("Answers the length of a string.")
              .flags(READONLY, FAST)
              .keys(KeySpec.at(1).looks())
              .args(Arg.key())
              .runs(EditCommands::strlen),
          read("SUBSTR", "1.0.0", "Answers a part of a string.")
              .complexity("O(N)")
              .args(Arg.key(), Arg.integer("start"), Arg.integer("end"))
              .runs(EditCommands::getRange));

  private StringCommands() {}

  private static Command.Builder read(String name, String since, String summary, Flag... flags) {
    return Command.named(name)
        .in(Group.STRING)
        .since(since)
        .summary(summary)
        .flags(READONLY)
        .flags(flags)
        .keys(KeySpec.at(1).reads());
  }

  private static Command.Builder write(String name, String since, String summary, Flag... flags) {
    boolean frees = name.equals("GETDEL") || name.equals("GETEX");
    var builder =
        Command.named(name)
            .in(Group.STRING)
            .since(since)
            .summary(summary)
            .flags(WRITE)
            .flags(flags);
    return frees ? builder : builder.flags(DENYOOM);
  }

  private static Command.Builder count(String name, String summary) {
    return write(name, "1.0.0", summary, FAST).keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE"));
  }
}
