package io.millrace.node;

import io.millrace.node.operate.HttpNode;
import io.millrace.node.operate.RespNode;
import io.millrace.node.operate.RunningNode;
import io.millrace.node.operate.RunningNode.Where;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at the topologies of a node that runs, and ends their stops. */
@Command(
    name = "topology",
    description = {
      "Talks to a node that runs: where its topologies stand, and the ends of their stops.",
      "It is reached at --port (RESP), or at --http-port when that is given; the password is",
      "taken from MILLRACE_REQUIREPASS. Ends with 75 when it cannot be reached: try again."
    },
    subcommands = {
      TopologyCommand.ListTopologies.class,
      TopologyCommand.ResumeTopology.class,
      TopologyCommand.SkipTopology.class
    })
final class TopologyCommand implements Callable<Integer> {
  /** Said by {@code StopEnded} when a stage failed again at once. */
  private static final String AGAIN = "; but stopped again: ";

  private static final Set<String> LATER = Set.of("BUSY", "TIMEOUT", "NOSPACE", "LOADING");

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init")
  TopologyCommand() {}

  @Override
  public Integer call() {
    throw new CommandFailure(ExitCode.USAGE, "say what to do: topology list, resume or skip");
  }

  private interface Work {
    int with(RunningNode node) throws IOException;
  }

  private static int talk(CommandSpec spec, @Nullable String host, Work work) {
    var config = Subcommands.config(spec, Map.of());
    var http = Subcommands.given(spec, "http-port") || config.port("port") == 0;
    var port = config.port(http ? "http-port" : "port");
    var where = host == null ? host(config.bind()) : host;
    try (var node =
        http
            ? new HttpNode(where, port, config.password())
            : RespNode.connect(where, port, config.password())) {
      return work.with(node);
    } catch (RunningNode.Refused e) {
      throw new CommandFailure(
          LATER.contains(e.code()) ? ExitCode.TRY_AGAIN : ExitCode.FAILED,
          e.code() + " " + e.getMessage());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.TRY_AGAIN,
          "the node cannot be reached at "
              + where
              + ":"
              + port
              + ": "
              + (e.getMessage() == null ? e.toString() : e.getMessage()));
    }
  }

  private static String host(List<InetAddress> bind) {
    for (var address : bind) {
      if (!address.isAnyLocalAddress()) {
        return address.getHostAddress();
      }
    }
    return InetAddress.getLoopbackAddress().getHostAddress();
  }

  private static int end(
      CommandSpec spec, @Nullable String host, String verb, String topology, Where where) {
    return talk(
        spec,
        host,
        node -> {
          var lines = node.end(verb, topology, where);
          lines.forEach(System.out::println);
          return lines.stream().anyMatch(line -> line.contains(AGAIN))
              ? ExitCode.FAILED
              : ExitCode.OK;
        });
  }

  /** {@code topology list}. */
  @Command(name = "list", description = "Prints where each topology stands, and its stops.")
  static final class ListTopologies implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--host", paramLabel = "HOST", description = "Where the node runs.")
    private @Nullable String host;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this text.")
    private boolean help;

    /** Made by picocli. */
    @SuppressWarnings("NullAway.Init")
    ListTopologies() {}

    @Override
    public Integer call() {
      return talk(
          spec,
          host,
          node -> {
            node.topologies().forEach(ListTopologies::print);
            return ExitCode.OK;
          });
    }

    private static void print(Map<String, Object> topology) {
      System.out.printf(
          "%s  %s  lag=%s%n",
          topology.get("topology"), topology.get("status"), topology.get("lag"));
      if (topology.get("stops") instanceof List<?> stops) {
        for (var one : stops) {
          if (one instanceof Map<?, ?> stop) {
            System.out.printf(
                "  %s depot=%s partition=%s offset=%s at %s after %s attempts: %s%n",
                stop.get("status"),
                stop.get("depot"),
                stop.get("partition"),
                stop.get("offset"),
                stop.get("place"),
                stop.get("attempts"),
                stop.get("error"));
          }
        }
      }
    }
  }

  /** {@code topology resume}. */
  @Command(
      name = "resume",
      description = {
        "Runs what had failed again; then the topology folds what it missed. Without --depot and",
        "--partition wherever it has stopped. Ends with 1 when it stopped again at once."
      })
  static final class ResumeTopology implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "MODULE/TOPOLOGY", description = "The topology.")
    private String topology;

    @Option(names = "--depot", paramLabel = "DEPOT", description = "Only where it reads this.")
    private @Nullable String depot;

    @Option(names = "--partition", paramLabel = "N", description = "Only for this partition.")
    private @Nullable Integer partition;

    @Option(names = "--offset", paramLabel = "N", description = "Only if it stopped at this event.")
    private @Nullable Long offset;

    @Option(names = "--host", paramLabel = "HOST", description = "Where the node runs.")
    private @Nullable String host;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this text.")
    private boolean help;

    /** Made by picocli. */
    @SuppressWarnings("NullAway.Init")
    ResumeTopology() {}

    @Override
    public Integer call() {
      return end(spec, host, "resume", topology, new Where(depot, partition, offset));
    }
  }

  /** {@code topology skip}. */
  @Command(
      name = "skip",
      description = {
        "Gives up the part of the event that had failed: it becomes a dead letter, and the"
            + " topology",
        "goes on. With --offset a second try does not give up a second event."
      })
  static final class SkipTopology implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "MODULE/TOPOLOGY", description = "The topology.")
    private String topology;

    @Option(names = "--depot", required = true, paramLabel = "DEPOT", description = "The depot.")
    private String depot;

    @Option(
        names = "--partition",
        required = true,
        paramLabel = "N",
        description = "The partition.")
    private int partition;

    @Option(names = "--offset", paramLabel = "N", description = "Only if it stopped at this event.")
    private @Nullable Long offset;

    @Option(names = "--host", paramLabel = "HOST", description = "Where the node runs.")
    private @Nullable String host;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this text.")
    private boolean help;

    /** Made by picocli. */
    @SuppressWarnings("NullAway.Init")
    SkipTopology() {}

    @Override
    public Integer call() {
      return end(spec, host, "skip", topology, new Where(depot, partition, offset));
    }
  }
}
