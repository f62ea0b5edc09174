package io.millrace.node;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.node.config.Bytes;
import io.millrace.node.demo.Policies.Policy;
import io.millrace.node.demo.Policies.PolicyEvent;
import io.millrace.node.demo.PolicyGenerator;
import io.millrace.node.demo.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves with generated policy events in it, and says how to look at them. */
@Command(
    name = "demo",
    description = "Starts a server with generated insurance policies in it.",
    subcommands = DemoGitCommand.class)
final class DemoCommand implements Callable<Integer> {
  private static final int BATCH = 500;
  private static final long USUAL_POLICY = 42;
  private static final int MOST_TRIES = 10_000;
  private static final long MIN_EVENTS = 1;
  private static final long MAX_EVENTS = 20_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      defaultValue = "100k",
      description = "How many events: 1k to 20m (default: ${DEFAULT-VALUE}).")
  private String events;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The same seed gives the same events (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--once", description = "Ends when the events are folded, instead of serving.")
  private boolean once;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init")
  DemoCommand() {}

  @Override
  public Integer call() {
    var count = Bytes.parse(events);
    if (count < MIN_EVENTS || count > MAX_EVENTS) {
      throw new CommandFailure(ExitCode.USAGE, "--events is 1 to 20m, not '" + events + "'");
    }
    var temporary = Subcommands.given(spec, "dir") ? null : temporaryDirectory();
    try {
      var defaults = DemoPorts.free(spec);
      defaults.put("modules", "policies");
      if (temporary != null) {
        defaults.put("dir", temporary.toString());
        System.out.println("Data in the temporary directory " + temporary + ", gone at the end.");
      }
      var config = Subcommands.config(spec, defaults);
      return new ServeCommand(Main::halt, () -> delete(temporary))
          .run(config, node -> load(node, count));
    } finally {
      delete(temporary);
    }
  }

  private boolean load(MillraceNode node, long count) {
    var depot = node.engine().depot("policies/events");
    var generator = new PolicyGenerator(seed);
    var options = AppendOptions.folded().ack(AppendAck.APPENDED);
    try (var progress = Progress.start("loading", count)) {
      for (long done = 0; done < count; ) {
        var batch = new ArrayList<PolicyEvent>(BATCH);
        while (batch.size() < BATCH && done + batch.size() < count) {
          batch.add(generator.next());
        }
        done += batch.size();
        if (done < count) {
          depot.appendAll(batch, options);
        } else {
          depot.appendAll(batch, AppendOptions.folded());
        }
        progress.done(done);
      }
      System.out.printf(Locale.ROOT, "%,d events folded in %.1f s.%n", count, progress.seconds());
    }
    var policy = Long.toString(activePolicy(node));
    System.out.println(DemoPorts.fill(TEXT, node).replace("{policy}", policy));
    return once;
  }

  /** A policy that further events still change: not cancelled. */
  private static long activePolicy(MillraceNode node) {
    var grid = node.engine().pstate("policies/grid");
    for (long id = USUAL_POLICY; id < USUAL_POLICY + MOST_TRIES; id++) {
      if (grid.get(io.millrace.engine.path.Path.key(id)) instanceof Policy policy
          && policy.status().equals("active")) {
        return id;
      }
    }
    return 1;
  }

  private static final String TEXT =
      """

        RESP   redis://127.0.0.1:{resp}                  redis-cli -p {resp} PSTATE.SELECT policies/grid '[{policy}]'
        SQL    postgres://127.0.0.1:{sql}                psql -h 127.0.0.1 -p {sql} -U millrace
        JDBC   jdbc:postgresql://127.0.0.1:{sql}/millrace
        HTTP   http://127.0.0.1:{http}                   curl -g 'http://127.0.0.1:{http}/pstates/policies/grid?path=[{policy}]'

      The grid, as its first user asked for it:
        psql -h 127.0.0.1 -p {sql} -U millrace -c "select * from policies.grid where first_name = 'Jim' order by last_name limit 20"
        psql -h 127.0.0.1 -p {sql} -U millrace -c "select * from policies.grid order by key limit 20"
        psql -h 127.0.0.1 -p {sql} -U millrace -c "select * from policies.grid order by last_modified desc limit 20"

      An event more:
        curl -X POST 'http://127.0.0.1:{http}/depots/policies/events/events?type=insured_renamed' \\
          -H 'Content-Type: application/json' \\
          -d '{"policyId":{policy},"happenedAt":1893456000000,"firstName":"Jim","lastName":"Millrace"}'
      """;

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("millrace-demo-");
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "cannot make a temporary directory: " + e);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path directory) {
    if (directory == null || !Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (var file : List.copyOf(files.sorted(Comparator.reverseOrder()).toList())) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("millrace: " + directory + " could not be removed: " + e);
    }
  }
}
