package io.millrace.node;

import io.millrace.node.demo.EventSender;
import io.millrace.node.demo.GitLog;
import io.millrace.node.demo.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves with the history of a git repository in it; run again, it takes what is new. */
@Command(name = "git", description = "Starts a server with the history of a git repository in it.")
final class DemoGitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "REPOSITORY",
      defaultValue = ".",
      description = "A local repository (default: the one it stands in).")
  private Path repository;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Take the events of this NDJSON file (.gz or not) instead of a repository.")
  private @Nullable Path file;

  @Option(names = "--once", description = "Ends when the events are folded, instead of serving.")
  private boolean once;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init")
  DemoGitCommand() {}

  private interface Lines extends AutoCloseable {
    @Nullable String next() throws IOException;

    @Override
    void close() throws IOException;
  }

  @Override
  public Integer call() {
    long total;
    try {
      total = file == null ? GitLog.count(repository) : count(file);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
    var defaults = DemoPorts.free(spec);
    defaults.put("modules", "git");
    defaults.put("dir", "./data/git-demo");
    var config = Subcommands.config(spec, defaults);
    if (config.port("http-port") == 0) {
      throw new CommandFailure(
          ExitCode.USAGE, "the events go in over HTTP: http-port must be open");
    }
    return new ServeCommand(Main::halt, () -> {})
        .run(config, node -> load(node, total, config.password()));
  }

  private boolean load(MillraceNode node, long total, String password) {
    var target =
        URI.create(
            "http://127.0.0.1:" + node.httpPort() + "/depots/git/commits/events?key-from=commit");
    try (var sender = new EventSender(target, password);
        var lines = open();
        var progress = Progress.start("commits", total)) {
      var line = lines.next();
      while (line != null) {
        sender.send(line);
        progress.done(sender.accepted());
        line = lines.next();
      }
      sender.flush();
      progress.done(sender.accepted());
      System.out.printf(
          Locale.ROOT,
          "%,d commits, %,d new, %,d known before, in %.1f s.%n",
          sender.accepted(),
          sender.accepted() - sender.duplicates(),
          sender.duplicates(),
          progress.seconds());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
    System.out.println(DemoPorts.fill(TEXT, node));
    return once;
  }

  private Lines open() throws IOException {
    if (file == null) {
      var log = GitLog.open(repository);
      return new Lines() {
        @Override
        public @Nullable String next() throws IOException {
          return log.next();
        }

        @Override
        public void close() throws IOException {
          log.close();
        }
      };
    }
    var reader = reader(file);
    return new Lines() {
      @Override
      public @Nullable String next() throws IOException {
        return reader.readLine();
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  private static BufferedReader reader(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    if (file.toString().endsWith(".gz")) {
      in = new GZIPInputStream(in, 1 << 16);
    }
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
  }

  private static long count(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + ": no such file");
    }
    try (var reader = reader(file)) {
      return reader.lines().count();
    }
  }

  private static final String TEXT =
      """

        RESP   redis-cli -p {resp} PSTATE.SELECT git/top_files '[]'
        SQL    psql -h 127.0.0.1 -p {sql} -U millrace -c "select * from git.authors order by commits desc limit 10"
               psql -h 127.0.0.1 -p {sql} -U millrace -c "select * from git.files order by commits desc limit 10"
        JDBC   jdbc:postgresql://127.0.0.1:{sql}/millrace
        HTTP   curl -g 'http://127.0.0.1:{http}/pstates/git/top_files?path=[]'
      """;
}
