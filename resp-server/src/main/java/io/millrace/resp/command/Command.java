package io.millrace.resp.command;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command: its declaration and what runs it.
 *
 * @param spec declaration
 * @param handler executes it; null for a container that does nothing itself
 * @param subcommands subcommands of a container
 */
public record Command(CommandSpec spec, @Nullable Handler handler, List<Command> subcommands) {

  /** Begins a command. */
  public static Builder named(String name) {
    return new Builder(name, null);
  }

  /** Begins a command of a group. */
  public static Builder of(Group group, String name, String since, String summary, Flag... flags) {
    return named(name).in(group).since(since).summary(summary).flags(flags);
  }

  /** Begins a subcommand of a container of a group. */
  public static Builder sub(
      Group group, String container, String name, String since, String summary, Flag... flags) {
    return new Builder(name, container).in(group).since(since).summary(summary).flags(flags);
  }

  /** Collects a declaration; ends with {@link #runs} or {@link #contains}. */
  public static final class Builder extends CommandSpec.Builder<Builder> {
    private Builder(String name, @Nullable String parent) {
      super(name, parent);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Ends a command. */
    public Command runs(Handler handler) {
      return end(handler);
    }

    /** Ends a container of subcommands. */
    public Command contains(Command... subcommands) {
      return end(null, subcommands);
    }

    /** Ends a container that can also run without a subcommand. */
    public Command runsOrContains(Handler handler, Command... subcommands) {
      return end(handler, subcommands);
    }

    private Command end(@Nullable Handler handler, Command... subcommands) {
      var specs = Arrays.stream(subcommands).map(Command::spec).toList();
      return new Command(end(handler != null, specs), handler, List.of(subcommands));
    }
  }
}
