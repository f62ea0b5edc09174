package io.millrace.resp.command.spec;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The reference page of all commands, in Markdown, derived from the declarations. */
public final class CommandReference {
  private CommandReference() {}

  /** The whole page. */
  public static String page(CommandTable table) {
    var text = new StringBuilder();
    text.append("# Commands\n\n")
        .append("Generated from the command declarations; a test keeps it fresh. ")
        .append(table.commands().size())
        .append(" commands. What is not listed answers with Redis's unknown-command error.\n");
    Map<Group, java.util.List<CommandSpec>> groups = new EnumMap<>(Group.class);
    groups.putAll(table.commands().stream().collect(Collectors.groupingBy(CommandSpec::group)));
    groups.forEach((group, commands) -> {
      text.append("\n## ").append(group.docName()).append("\n\n");
      text.append("| command | arity | flags | categories | what it does |\n");
      text.append("|---|---|---|---|---|\n");
      commands.stream()
          .sorted(Comparator.comparing(CommandSpec::fullName))
          .forEach(command -> append(command, text));
    });
    return text.toString();
  }

  private static void append(CommandSpec command, StringBuilder text) {
    if (command.runs()) {
      row(command, text);
    }
    command.subcommands().forEach(sub -> row(sub, text));
  }

  private static void row(CommandSpec command, StringBuilder text) {
    var name = command.fullName().toUpperCase(Locale.ROOT).replace('|', ' ');
    var usage = (name + " " + Syntax.of(command)).strip().replace("|", "\\|");
    text.append("| `")
        .append(usage)
        .append("` | ")
        .append(command.arity())
        .append(" | ")
        .append(command.flags().stream().map(Flag::text).collect(Collectors.joining(", ")))
        .append(" | ")
        .append(String.join(", ", new TreeSet<>(command.categories())))
        .append(" | ")
        .append(command.summary())
        .append(" |\n");
  }
}
