package io.millrace.resp.command;

import io.millrace.engine.state.HotPath;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.CommandTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What runs each command: handlers by the number of a command in its table. */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class Handlers {
  private final CommandTable table;
  private final @Nullable Handler[] handlers;

  /** Builds the table of commands, and keeps what runs them. */
  public Handlers(Collection<Command> commands) {
    table = new CommandTable(specs(commands));
    handlers = new Handler[table.all().size()];
    commands.forEach(this::add);
  }

  private static List<CommandSpec> specs(Collection<Command> commands) {
    var specs = new ArrayList<CommandSpec>(commands.size());
    for (var command : commands) {
      specs.add(command.spec());
    }
    return specs;
  }

  private void add(Command command) {
    handlers[command.spec().id()] = command.handler();
    command.subcommands().forEach(this::add);
  }

  /** The declarations. */
  public CommandTable table() {
    return table;
  }

  /** Executes a command that runs itself. */
  Handler of(CommandSpec spec) {
    return Objects.requireNonNull(handlers[spec.id()]);
  }
}
