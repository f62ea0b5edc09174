package io.millrace.node;

import io.millrace.node.config.ConfigException;
import io.millrace.node.config.ConfigLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * The command line: {@code millrace [file.conf] [--key value...]} serves, a word before it does
 * other things.
 */
public final class Main {
  private static final String PRINT_CONFIG = "--print-config";

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(Main::uncaught);
    var serving = new ServeCommand(Main::halt, () -> {});
    System.exit(run(Arrays.asList(arguments), serving));
  }

  /** A thread that has run out of memory may have left half done what others rely on. */
  private static void uncaught(Thread thread, Throwable failure) {
    try {
      LoggerFactory.getLogger(Main.class).error("thread {} failed", thread.getName(), failure);
    } finally {
      if (failure instanceof VirtualMachineError || thread.getName().equals("main")) {
        halt(ExitCode.FAILED);
      }
    }
  }

  /** Ends the process without asking anybody: the shutdown has been done, or must not be. */
  static void halt(int exitCode) {
    Runtime.getRuntime().halt(exitCode);
  }

  static int run(List<String> arguments, ServeCommand serve) {
    var cli = Subcommands.line();
    try {
      var first = arguments.isEmpty() ? "" : arguments.getFirst();
      if (cli.getSubcommands().containsKey(first)
          || List.of("--help", "-h", "--version", "-v").contains(first)) {
        return cli.execute(arguments.toArray(String[]::new));
      }
      return serve(arguments, serve);
    } catch (ConfigException e) {
      return complain(ExitCode.USAGE, e);
    } catch (CommandFailure e) {
      return complain(e.exitCode(), e);
    }
  }

  private static int serve(List<String> arguments, ServeCommand serve) {
    var settings = new ArrayList<>(arguments);
    var printOnly = settings.remove(PRINT_CONFIG);
    var config = ConfigLoader.load(settings, System.getenv());
    if (printOnly) {
      System.out.print(config.print());
      return ExitCode.OK;
    }
    return serve.run(config);
  }

  private static int complain(int exitCode, Exception failure) {
    System.err.println("millrace: " + failure.getMessage());
    return exitCode;
  }

  /** The exit code and message of a failed subcommand. */
  static CommandLine.IExecutionExceptionHandler failures() {
    return (failure, line, result) -> {
      if (failure instanceof ConfigException) {
        return complain(ExitCode.USAGE, failure);
      }
      if (failure instanceof CommandFailure command) {
        return complain(command.exitCode(), command);
      }
      throw failure;
    };
  }
}
