package io.millrace.resp.command.server;

import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.LOADING;
import static io.millrace.resp.command.spec.Flag.STALE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.server.Identity;
import java.util.List;

/**
 * What clients ask to find out whether this is a cluster (it is not, and says so in Redis's words),
 * and LOLWUT.
 */
public final class ClusterCommands {
  private static final CommandException DISABLED =
      CommandException.error("This instance has cluster support disabled");

  /** All commands of a cluster that clients send unasked. */
  public static final List<Command> ALL =
      List.of(
          command("ASKING", "3.0.0", "Follows a slot that moves.", FAST)
              .categories("connection")
              .runs(ClusterCommands::refuse),
          command("CLUSTER", "3.0.0", "Looks at the cluster; there is none.")
              .contains(
                  cluster("COUNTKEYSINSLOT", "3.0.0", "Answers the number of keys in a slot.")
                      .args(Arg.integer("slot"))
                      .runs(ClusterCommands::refuse),
                  cluster("GETKEYSINSLOT", "3.0.0", "Answers keys in a slot.")
                      .complexity("O(N)")
                      .args(Arg.integer("slot"), Arg.integer("count"))
                      .runs(ClusterCommands::refuse),
                  cluster("HELP", "5.0.0", "Describes the subcommands.")
                      .flags(LOADING)
                      .runs(ClusterCommands::refuse),
                  cluster("INFO", "3.0.0", "Describes the state of the node.")
                      .runs(ClusterCommands::refuse),
                  cluster("KEYSLOT", "3.0.0", "Answers the slot of a key.")
                      .args(Arg.string("key"))
                      .runs(ClusterCommands::refuse),
                  cluster("MYID", "3.0.0", "Answers the name of the node.")
                      .runs(ClusterCommands::refuse),
                  cluster("NODES", "3.0.0", "Lists the nodes.").runs(ClusterCommands::refuse),
                  cluster("SHARDS", "7.0.0", "Lists the shards.").runs(ClusterCommands::refuse),
                  cluster("SLOTS", "3.0.0", "Lists the slots.").runs(ClusterCommands::refuse)),
          Command.named("LOLWUT")
              .in(Group.SERVER)
              .since("5.0.0")
              .summary("Answers the version.")
              .flags(Flag.READONLY, FAST)
              .args(Arg.integer("version").after("VERSION").maybe())
              .arity(-1)
              .runs(ClusterCommands::lolwut),
          command("READONLY", "3.0.0", "Reads from a replica.", LOADING, STALE, FAST)
              .categories("connection")
              .runs(ClusterCommands::refuse),
          command("READWRITE", "3.0.0", "Reads no more from a replica.", LOADING, STALE, FAST)
              .categories("connection")
              .runs(ClusterCommands::refuse));

  private ClusterCommands() {}

  private static Command.Builder command(String name, String since, String summary, Flag... flags) {
    return Command.of(Group.CLUSTER, name, since, summary, flags);
  }

  private static Command.Builder cluster(String name, String since, String summary) {
    return Command.sub(Group.CLUSTER, "CLUSTER", name, since, summary, STALE);
  }

  private static void refuse(CommandContext ctx, Args args, ReplyWriter reply) {
    throw DISABLED;
  }

  private static void lolwut(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() >= 3 && args.is(1, "VERSION") && !args.isInteger(2)) {
      throw CommandException.NOT_AN_INTEGER;
    }
    reply.verbatim("A stream turns the wheel. Redis ver. " + Identity.REDIS_VERSION + "\n");
  }
}
