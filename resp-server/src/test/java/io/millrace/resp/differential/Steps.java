package io.millrace.resp.differential;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.Flag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/** Random commands on keys, one by one or a few in a transaction, for those who look on. */
final class Steps {
  private final SplittableRandom random;
  private final Generator generator;

  Steps(SplittableRandom random, Set<String> names) {
    this.random = random;
    generator = new Generator(random, names, "");
  }

  /** Commands that are sent: those that wait are in scenes of their own. */
  static Set<String> names() {
    Set<String> names = new HashSet<>();
    for (String name : Coverage.implemented()) {
      CommandSpec spec = Coverage.spec(List.of(name.split("\\|")));
      if (spec != null && !spec.has(Flag.BLOCKING) && !name.equals("watch")) {
        names.add(name);
      }
    }
    return names;
  }

  List<List<String>> next() {
    if (random.nextInt(25) == 0) {
      return List.of(List.of("SELECT", Integer.toString(random.nextInt(3))));
    }
    List<List<String>> commands = new ArrayList<>();
    int size = random.nextInt(10) == 0 ? 4 : 1;
    while (commands.size() < size) {
      commands.addAll(one().stream().filter(c -> !isAMatterOfTime(c)).toList());
    }
    if (commands.size() > 1) {
      commands.addFirst(List.of("MULTI"));
      commands.addLast(List.of("EXEC"));
    }
    return commands;
  }

  /** One command that changes nothing. */
  List<String> read() {
    while (true) {
      for (List<String> command : one()) {
        CommandSpec spec = Coverage.spec(command);
        if (spec != null && spec.has(Flag.READONLY)) {
          return command;
        }
      }
    }
  }

  private List<List<String>> one() {
    while (true) {
      Sketches.Form form = generator.form();
      if (!form.alone() && Sketches.data().contains(form)) {
        return generator.fill(form);
      }
    }
  }

  private static boolean isAMatterOfTime(List<String> command) {
    String name = command.get(0).toUpperCase(Locale.ROOT);
    return Set.of("MULTI", "EXEC", "DISCARD").contains(name)
        || command.contains("1")
            && (command.contains("PX") || name.equals("PEXPIRE") || name.equals("PSETEX"));
  }
}
