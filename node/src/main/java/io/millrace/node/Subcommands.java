package io.millrace.node;

import io.millrace.node.config.ConfigKey;
import io.millrace.node.config.ConfigKeys;
import io.millrace.node.config.ConfigLoader;
import io.millrace.node.config.NodeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The subcommands, each of which also takes every key of the configuration as an option. */
final class Subcommands {
  private Subcommands() {}

  static CommandLine line() {
    var line = new CommandLine(new Root());
    for (var command : line.getSubcommands().values()) {
      addSettings(command.getCommandSpec());
      command.getSubcommands().values().forEach(nested -> addSettings(nested.getCommandSpec()));
    }
    line.setParameterExceptionHandler(Subcommands::wrongUsage);
    line.setExecutionExceptionHandler(Main.failures());
    return line;
  }

  private static int wrongUsage(CommandLine.ParameterException wrong, String[] arguments) {
    System.err.println("millrace: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, System.err);
    return ExitCode.USAGE;
  }

  private static void addSettings(CommandSpec spec) {
    for (var key : ConfigKeys.all().values()) {
      var name = "--" + key.name();
      if (key.acts() && spec.findOption(name) == null) {
        spec.addOption(
            OptionSpec.builder(name)
                .paramLabel(key.kind() == ConfigKey.Kind.LIST ? "values" : "value")
                .description(key.doc())
                .type(String.class)
                .hidden(true)
                .build());
      }
    }
  }

  /** Whether an option of a setting was given. */
  static boolean given(CommandSpec spec, String key) {
    return spec.commandLine().getParseResult().hasMatchedOption("--" + key);
  }

  /** The configuration of a subcommand: defaults, environment and the options given. */
  static NodeConfig config(CommandSpec spec, Map<String, String> defaults) {
    var arguments = new ArrayList<String>();
    var given = new ArrayList<String>();
    for (var option : spec.commandLine().getParseResult().matchedOptions()) {
      var name = option.longestName().substring(2);
      var key = ConfigKeys.all().get(name);
      var values = option.originalStringValues();
      if (key != null && !values.isEmpty()) {
        var value = values.getLast();
        given.add(name);
        arguments.add(option.longestName());
        arguments.addAll(
            key.kind() == ConfigKey.Kind.LIST ? List.of(value.split(" ")) : List.of(value));
      }
    }
    defaults.forEach((name, value) -> {
      if (!given.contains(name)) {
        arguments.add("--" + name);
        arguments.add(value);
      }
    });
    return ConfigLoader.load(arguments, System.getenv());
  }

  /** Says who we are. */
  static final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Millrace " + Version.text() + " (Java " + Runtime.version() + ")"};
    }
  }

  /** The root command: without a subcommand it serves, which {@link Main} does itself. */
  @Command(
      name = "millrace",
      subcommands = {DemoCommand.class, TopologyCommand.class, VerifyCommand.class},
      versionProvider = VersionText.class,
      customSynopsis = {
        "millrace [FILE.conf] [--KEY VALUE...]   serve",
        "millrace COMMAND [OPTIONS]              do something else"
      },
      description = "One server for state folded from events: Redis protocol, SQL and HTTP.",
      footer = {
        "",
        "Keys are those of redis.conf plus sql-port, http-port, tasks, lanes, hot-memory and more;",
        "'millrace --print-config' lists them with their values and where each came from."
      })
  static final class Root {
    @CommandLine.Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this text.")
    private boolean help;

    @CommandLine.Option(
        names = {"-v", "--version"},
        versionHelp = true,
        description = "Shows the version.")
    private boolean version;
  }
}
