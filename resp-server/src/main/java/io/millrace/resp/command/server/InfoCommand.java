package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** INFO. */
final class InfoCommand {
  private static final List<String> ALL =
      List.of(
          "server",
          "clients",
          "memory",
          "persistence",
          "stats",
          "replication",
          "cpu",
          "millrace",
          "health",
          "topologies",
          "modules",
          "commandstats",
          "errorstats",
          "latencystats",
          "cluster",
          "keyspace");

  private static final Set<String> ONLY_IF_WANTED = Set.of("commandstats", "latencystats");

  private InfoCommand() {}

  static void info(CommandContext ctx, Args args, ReplyWriter reply) {
    Set<String> wanted = new LinkedHashSet<>();
    for (int i = 1; i < args.count(); i++) {
      var section = args.latin(i).toLowerCase(Locale.ROOT);
      switch (section) {
        case "default" -> addDefault(wanted);
        case "all", "everything" -> wanted.addAll(ALL);
        default -> wanted.add(section);
      }
    }
    if (args.count() == 1) {
      addDefault(wanted);
    }
    var text = new InfoText(ctx);
    for (var section : ALL) {
      if (wanted.contains(section)) {
        text.section(section);
      }
    }
    reply.verbatim(text.toString());
  }

  private static void addDefault(Set<String> wanted) {
    ALL.stream().filter(section -> !ONLY_IF_WANTED.contains(section)).forEach(wanted::add);
  }
}
