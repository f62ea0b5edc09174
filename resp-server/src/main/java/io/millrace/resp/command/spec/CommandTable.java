package io.millrace.resp.command.spec;

import io.millrace.engine.state.HotPath;
import io.millrace.resp.protocol.Args;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All commands by name: an open-addressed table over the case-folded bytes. */
@HotPath(benchmark = "RespDecoderBenchmark")
public final class CommandTable {
  private final List<CommandSpec> commands;
  private final List<CommandSpec> all = new ArrayList<>();
  private final @Nullable CommandSpec[] slots;
  private final byte[][] names;
  private final int mask;

  /** Builds the table; refuses two commands of one name. */
  public CommandTable(Collection<CommandSpec> commands) {
    this.commands = List.copyOf(commands);
    int size = Integer.highestOneBit(Math.max(16, commands.size() * 4 - 1)) * 2;
    slots = new CommandSpec[size];
    names = new byte[size][];
    mask = size - 1;
    for (var command : commands) {
      add(command);
      number(command);
    }
  }

  private void number(CommandSpec command) {
    command.number(all.size());
    all.add(command);
    command.subcommands().forEach(this::number);
  }

  private void add(CommandSpec command) {
    var name = command.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    int slot = hash(name, 0, name.length) & mask;
    while (slots[slot] != null) {
      if (java.util.Arrays.equals(names[slot], name)) {
        throw new IllegalArgumentException("command declared twice: name=" + command.name());
      }
      slot = slot + 1 & mask;
    }
    slots[slot] = command;
    names[slot] = name;
  }

  /** Commands without their subcommands, in order of declaration. */
  public List<CommandSpec> commands() {
    return commands;
  }

  /** Commands and subcommands, by their number. */
  public List<CommandSpec> all() {
    return all;
  }

  /** Looks a command up by its name bytes in any case; subcommands are not resolved. */
  public @Nullable CommandSpec find(byte[] array, int offset, int length) {
    int slot = hash(array, offset, length) & mask;
    while (true) {
      var found = slots[slot];
      if (found == null || matches(names[slot], array, offset, length)) {
        return found;
      }
      slot = slot + 1 & mask;
    }
  }

  /** Looks a command up by name. */
  public @Nullable CommandSpec find(String name) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    return find(bytes, 0, bytes.length);
  }

  /** The subcommand that argument 1 names, or null. */
  public static @Nullable CommandSpec subcommand(CommandSpec container, Args args) {
    for (var sub : container.subcommands()) {
      if (args.is(1, sub.name())) {
        return sub;
      }
    }
    return null;
  }

  private static boolean matches(byte[] name, byte[] array, int offset, int length) {
    if (name.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (name[i] != fold(array[offset + i])) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] array, int offset, int length) {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = hash * 31 + fold(array[offset + i]);
    }
    return hash ^ hash >>> 11;
  }

  private static int fold(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}
