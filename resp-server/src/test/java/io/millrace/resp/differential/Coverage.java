package io.millrace.resp.differential;

import io.millrace.resp.RedisCommands;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.CommandTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How often each implemented command was sent, and what came of it. */
final class Coverage {
  private static final CommandTable TABLE = RedisCommands.handlers().table();

  /** Commands that are not sent, each with its reason. */
  static final Map<String, String> NOT_SENT =
      Map.of(
          "depot.append", "Redis has no depots",
          "pstate.select", "Redis has no pstates",
          "topology|help", "Redis has no topologies",
          "topology|list", "Redis has no topologies",
          "topology|resume", "Redis has no topologies",
          "topology|skip", "Redis has no topologies");

  private final Map<String, Tally> tallies = new TreeMap<>();

  private static final class Tally {
    private long uses;
    private long queued;
    private long wrongType;
    private long badArity;
    private long otherErrors;
  }

  /** Names of all commands and subcommands that can be sent: containers stand for their parts. */
  static List<String> implemented() {
    List<String> names = new ArrayList<>();
    for (CommandSpec command : TABLE.commands()) {
      if (command.runs()) {
        names.add(command.fullName());
      }
      command.subcommands().forEach(sub -> names.add(sub.fullName()));
    }
    return names;
  }

  /** The declaration of a command by its words, of the subcommand if it names one; or null. */
  static @Nullable CommandSpec spec(List<String> command) {
    CommandSpec spec = TABLE.find(command.get(0));
    if (spec != null && command.size() > 1) {
      for (CommandSpec sub : spec.subcommands()) {
        if (sub.name().equalsIgnoreCase(command.get(1))) {
          return sub;
        }
      }
    }
    return spec;
  }

  /** Full name of a command, in lower case. */
  static String name(List<String> command) {
    CommandSpec spec = spec(command);
    return spec != null ? spec.fullName() : command.get(0).toLowerCase(Locale.ROOT);
  }

  void count(List<String> command, Reply reply) {
    Tally tally = tallies.computeIfAbsent(name(command), n -> new Tally());
    tally.uses++;
    if (!(reply instanceof Reply.Text text)) {
      return;
    }
    if (text.value().equals("QUEUED")) {
      tally.queued++;
    } else if (text.type() == '-') {
      if (text.value().startsWith("WRONGTYPE")) {
        tally.wrongType++;
      } else if (text.value().contains("wrong number of arguments")) {
        tally.badArity++;
      } else {
        tally.otherErrors++;
      }
    }
  }

  /** Counts the outcome of a command that was queued before. */
  void outcome(List<String> command, Reply reply) {
    count(command, reply);
    tallies.get(name(command)).uses--;
  }

  void addAll(Coverage other) {
    other.tallies.forEach((name, theirs) -> {
      Tally ours = tallies.computeIfAbsent(name, n -> new Tally());
      ours.uses += theirs.uses;
      ours.queued += theirs.queued;
      ours.wrongType += theirs.wrongType;
      ours.badArity += theirs.badArity;
      ours.otherErrors += theirs.otherErrors;
    });
  }

  long uses() {
    return tallies.values().stream().mapToLong(t -> t.uses).sum();
  }

  /** Implemented commands that were sent less often than wanted. */
  List<String> below(long wanted) {
    List<String> below = new ArrayList<>();
    for (String name : implemented()) {
      Tally tally = tallies.get(name);
      long uses = tally == null ? 0 : tally.uses;
      if (uses < wanted && !NOT_SENT.containsKey(name)) {
        below.add(name + "=" + uses);
      }
    }
    return below;
  }

  /** A table in Markdown. */
  String table() {
    StringBuilder text =
        new StringBuilder(
            "| command | uses | queued | wrong type | bad arity | other errors |\n"
                + "|---|---|---|---|---|---|\n");
    tallies.forEach((name, t) ->
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d |%n",
                name.replace('|', ' '),
                t.uses,
                t.queued,
                t.wrongType,
                t.badArity,
                t.otherErrors)));
    return text.toString();
  }
}
