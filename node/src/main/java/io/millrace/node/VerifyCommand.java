package io.millrace.node;

import io.millrace.engine.Verification;
import io.millrace.node.config.NodeConfig;
import io.millrace.resp.RespConfig;
import io.millrace.resp.RespServer;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a stopped data directory: its frames, and that every fold of its journal agrees. */
@Command(
    name = "verify",
    description = {
      "Checks a data directory that no server uses, without changing it: reads every frame of the",
      "journal, folds it again from zero (keep-journal) and from every checkpoint",
      "(keep-checkpoints), and compares the hashes. Name the modules it was served with."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init")
  VerifyCommand() {}

  @Override
  public Integer call() {
    var config = Subcommands.config(spec, Map.of());
    try {
      var found = verify(config);
      System.out.printf(
          "journal      %d segments, %d frames, positions %d to %d, epoch %d%s%n",
          found.segments(),
          found.frames(),
          found.start(),
          found.end(),
          found.epoch(),
          found.tornBytes() == 0
              ? ""
              : ", then " + found.tornBytes() + " bytes that nobody was promised");
      for (var fold : found.folds()) {
        System.out.printf(
            "%-12s %016x  %d records from position %d%n",
            fold.from(), fold.digest(), fold.records(), fold.position());
      }
      if (found.waiting()) {
        System.out.println(
            "waiting      work of the last events, with which the next start goes on");
      }
      for (var module : found.unfolded()) {
        System.out.printf(
            "not folded   module %s: name it with --modules %s to check what it holds%n",
            module, module);
      }
      if (!found.agree()) {
        System.out.println("The folds differ.");
      } else if (!found.unfolded().isEmpty()) {
        System.out.println("The folds of the other modules agree; nothing is said of those above.");
      } else {
        System.out.println("All folds agree.");
      }
      return found.agree() && found.unfolded().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** Checks the directory of a configuration. */
  static Verification verify(NodeConfig config) throws IOException {
    var settings = new LinkedHashMap<>(config.explicit());
    settings.put("dir", config.directory().toString());
    var resp = new RespConfig("127.0.0.1", 0, 1, settings);
    return Verification.run(
        config.engine(),
        () -> List.of(RespServer.prepare(resp, EngineFacts.none()).keyspace()),
        () -> ModuleCatalog.named(config.names("modules")));
  }
}
