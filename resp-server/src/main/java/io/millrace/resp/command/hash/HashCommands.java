package io.millrace.resp.command.hash;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.args.HashScan;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import java.util.List;

/** Declarations of the hash commands. */
public final class HashCommands {
  private static final Arg PAIRS =
      Arg.block("data", Arg.string("field"), Arg.string("value")).many();

  /** All hash commands. */
  public static final List<Command> ALL =
      List.of(
          command("HDEL", "2.0.0", "Removes fields.", WRITE, FAST)
              .keys(KeySpec.at(1).deletes())
              .args(Arg.key(), Arg.string("field").many())
              .runs(FieldCommands::hdel),
          command("HEXISTS", "2.0.0", "Tells whether a field exists.", READONLY, FAST)
              .keys(KeySpec.at(1).looks())
              .args(Arg.key(), Arg.string("field"))
              .runs(FieldCommands::hexists),
          command("HGET", "2.0.0", "Answers the value of a field.", READONLY, FAST)
              .keys(KeySpec.at(1).reads())
              .args(Arg.key(), Arg.string("field"))
              .runs(FieldCommands::hget),
          command("HGETALL", "2.0.0", "Answers all fields and values.", READONLY)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(Arg.key())
              .tips("nondeterministic_output_order")
              .runs(WholeCommands::hgetAll),
          write("HINCRBY", "2.0.0", "Adds to the number in a field.", FAST)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE"))
              .args(Arg.key(), Arg.string("field"), Arg.integer("increment"))
              .runs(FieldCommands::hincrBy),
          write("HINCRBYFLOAT", "2.6.0", "Adds to the number in a field, with decimals.", FAST)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE"))
              .args(Arg.key(), Arg.string("field"), Arg.number("increment"))
              .runs(FieldCommands::hincrByFloat),
          command("HKEYS", "2.0.0", "Answers all fields.", READONLY)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(Arg.key())
              .tips("nondeterministic_output_order")
              .runs(WholeCommands::hkeys),
          command("HLEN", "2.0.0", "Answers the number of fields.", READONLY, FAST)
              .keys(KeySpec.at(1).looks())
              .args(Arg.key())
              .runs(WholeCommands::hlen),
          command("HMGET", "2.0.0", "Answers the values of several fields.", READONLY, FAST)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(Arg.key(), Arg.string("field").many())
              .runs(FieldCommands::hmget),
          write("HMSET", "2.0.0", "Sets several fields.", FAST)
              .complexity("O(N)")
              .keys(KeySpec.at(1).updates())
              .args(Arg.key(), PAIRS)
              .runs(FieldCommands::hmset),
          command("HRANDFIELD", "6.2.0", "Answers random fields.", READONLY)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(
                  Arg.key(),
                  Arg.block(
                          "options",
                          Arg.integer("count"),
                          Arg.word("withvalues", "WITHVALUES").maybe())
                      .maybe())
              .tips("nondeterministic_output")
              .runs(WholeCommands::hrandField),
          HashScan.command(Group.HASH, "HSCAN", "Answers fields and values part by part.")
              .runs(WholeCommands::hscan),
          write("HSET", "2.0.0", "Sets fields.", FAST)
              .complexity("O(N)")
              .keys(KeySpec.at(1).updates())
              .args(Arg.key(), PAIRS)
              .runs(FieldCommands::hset),
          write("HSETNX", "2.0.0", "Sets a field if it does not exist.", FAST)
              .keys(KeySpec.at(1).inserts())
              .args(Arg.key(), Arg.string("field"), Arg.string("value"))
              .runs(FieldCommands::hsetNx),
          command("HSTRLEN", "3.2.0", "Answers the length of a field's value.", READONLY, FAST)
              .keys(KeySpec.at(1).looks())
              .args(Arg.key(), Arg.string("field"))
              .runs(FieldCommands::hstrlen),
          command("HVALS", "2.0.0", "Answers all values.", READONLY)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(Arg.key())
              .tips("nondeterministic_output_order")
              .runs(WholeCommands::hvals));

  private HashCommands() {}

  private static Command.Builder command(String name, String since, String summary, Flag... flags) {
    return Command.of(Group.HASH, name, since, summary, flags);
  }

  private static Command.Builder write(String name, String since, String summary, Flag... flags) {
    return command(name, since, summary, WRITE, DENYOOM).flags(flags);
  }
}
