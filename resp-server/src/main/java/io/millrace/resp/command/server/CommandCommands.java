package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.CommandTable;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Glob;
import io.millrace.resp.protocol.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** COMMAND and its subcommands but DOCS: all derived from the declarations. */
final class CommandCommands {
  private CommandCommands() {}

  static void all(CommandContext ctx, Args args, ReplyWriter reply) {
    var commands = ctx.server().table().commands();
    reply.array(commands.size());
    commands.forEach(command -> describe(command, reply));
  }

  static void count(CommandContext ctx, Args args, ReplyWriter reply) {
    reply.integer(ctx.server().table().commands().size());
  }

  /** A command by its name, or a subcommand by {@code container|name}. */
  static @Nullable CommandSpec find(CommandContext ctx, String name) {
    int bar = name.indexOf('|');
    if (bar < 0) {
      return ctx.server().table().find(name);
    }
    var container = ctx.server().table().find(name.substring(0, bar));
    if (container == null) {
      return null;
    }
    var wanted = name.toLowerCase(Locale.ROOT);
    for (var sub : container.subcommands()) {
      if (sub.fullName().equals(wanted)) {
        return sub;
      }
    }
    return null;
  }

  static void info(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() == 2) {
      all(ctx, args, reply);
      return;
    }
    reply.array(args.count() - 2);
    for (int i = 2; i < args.count(); i++) {
      var command = find(ctx, args.latin(i));
      if (command == null) {
        reply.nilArray();
      } else {
        describe(command, reply);
      }
    }
  }

  private static void words(Collection<String> words, ReplyWriter reply) {
    reply.set(words.size());
    words.forEach(reply::simple);
  }

  private static void describe(CommandSpec command, ReplyWriter reply) {
    reply.array(10);
    reply.bulk(command.fullName());
    reply.integer(command.arity());
    words(command.flags().stream().map(Flag::text).toList(), reply);
    var first = command.keys().stream().filter(CommandCommands::isKey).findFirst().orElse(null);
    if (first == null || first.counted() || first.keyword() != null) {
      reply.integer(0);
      reply.integer(0);
      reply.integer(0);
    } else {
      reply.integer(first.index());
      reply.integer(lastKey(command.keys(), first));
      reply.integer(first.step());
    }
    words(new TreeSet<>(command.categories()).stream().map(c -> "@" + c).toList(), reply);
    reply.array(command.tips().size());
    command.tips().forEach(reply::bulk);
    reply.array(command.keys().size());
    command.keys().forEach(spec -> describe(spec, reply));
    reply.array(command.subcommands().size());
    command.subcommands().forEach(sub -> describe(sub, reply));
  }

  private static boolean isKey(KeySpec spec) {
    return !spec.flags().contains("NOT_KEY") || spec.index() > 0;
  }

  /** Older clients know one range of keys only: it spans the plain specs that lie in a row. */
  private static int lastKey(List<KeySpec> specs, KeySpec first) {
    int last = first.last() < 0 ? first.last() : first.index() + first.last();
    for (var spec : specs) {
      if (spec != first
          && !spec.counted()
          && spec.keyword() == null
          && last > 0
          && spec.index() == last + 1) {
        last = spec.last() < 0 ? spec.last() : spec.index() + spec.last();
      }
    }
    return last;
  }

  private static void describe(KeySpec spec, ReplyWriter reply) {
    reply.map(3);
    reply.bulk("flags");
    words(shown(spec.flags()), reply);
    reply.bulk("begin_search");
    reply.map(2);
    reply.bulk("type");
    reply.bulk(spec.keyword() == null ? "index" : "keyword");
    reply.bulk("spec");
    if (spec.keyword() == null) {
      reply.map(1);
      reply.bulk("index");
      reply.integer(spec.index());
    } else {
      reply.map(2);
      reply.bulk("keyword");
      reply.bulk(spec.keyword());
      reply.bulk("startfrom");
      reply.integer(spec.index());
    }
    reply.bulk("find_keys");
    reply.map(2);
    reply.bulk("type");
    reply.bulk(spec.counted() ? "keynum" : "range");
    reply.bulk("spec");
    reply.map(3);
    reply.bulk(spec.counted() ? "keynumidx" : "lastkey");
    reply.integer(spec.counted() ? 0 : spec.last());
    reply.bulk(spec.counted() ? "firstkey" : "keystep");
    reply.integer(spec.counted() ? 1 : spec.step());
    reply.bulk(spec.counted() ? "keystep" : "limit");
    reply.integer(spec.counted() ? spec.step() : spec.limit());
  }

  static void list(CommandContext ctx, Args args, ReplyWriter reply) {
    Predicate<CommandSpec> shown = command -> true;
    if (args.count() > 2) {
      shown = filter(args);
    }
    var names = new ArrayList<String>();
    for (var command : ctx.server().table().all()) {
      if (shown.test(command)) {
        names.add(command.fullName());
      }
    }
    reply.array(names.size());
    names.forEach(reply::bulk);
  }

  private static Predicate<CommandSpec> filter(Args args) {
    if (args.count() != 5 || !args.is(2, "FILTERBY")) {
      throw CommandException.SYNTAX;
    }
    var value = args.latin(4);
    if (args.is(3, "MODULE")) {
      return command -> false;
    }
    if (args.is(3, "ACLCAT")) {
      return command -> command.categories().contains(value.toLowerCase(Locale.ROOT));
    }
    if (args.is(3, "PATTERN")) {
      var glob = value.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
      return command -> {
        var name = command.fullName().getBytes(StandardCharsets.ISO_8859_1);
        return Glob.matches(glob, 0, glob.length, name, 0, name.length);
      };
    }
    throw CommandException.SYNTAX;
  }

  static void getKeys(CommandContext ctx, Args args, ReplyWriter reply) {
    keys(ctx, args, reply, false);
  }

  static void getKeysAndFlags(CommandContext ctx, Args args, ReplyWriter reply) {
    keys(ctx, args, reply, true);
  }

  private static void keys(CommandContext ctx, Args args, ReplyWriter reply, boolean flags) {
    var words = new byte[args.count() - 2][];
    for (int i = 0; i < words.length; i++) {
      words[i] = args.bytes(i + 2);
    }
    var inner = Args.of(words);
    var named = ctx.server().table().find(words[0], 0, words[0].length);
    var command =
        named != null && !named.subcommands().isEmpty() && inner.count() > 1
            ? CommandTable.subcommand(named, inner)
            : named;
    if (command == null) {
      throw CommandException.error("Invalid command specified");
    }
    var specs = command.keys().stream().filter(s -> !s.flags().contains("NOT_KEY")).toList();
    if (specs.isEmpty()) {
      throw CommandException.error("The command has no key arguments");
    }
    if (!command.accepts(inner.count())) {
      throw CommandException.error("Invalid number of arguments specified for command");
    }
    int mark = reply.size();
    int[] count = {0};
    for (var spec : specs) {
      spec.each(inner, i -> replyKey(inner, i, spec, flags, count, reply));
    }
    if (count[0] == 0) {
      throw CommandException.error("Invalid arguments specified for command");
    }
    reply.wrapArray(mark, count[0]);
  }

  private static void replyKey(
      Args inner, int i, KeySpec spec, boolean flags, int[] count, ReplyWriter reply) {
    count[0]++;
    if (flags) {
      reply.array(2);
    }
    reply.bulk(inner.array(), inner.offset(i), inner.length(i));
    if (flags) {
      words(shown(actual(spec, inner)), reply);
    }
  }

  /** Access in capitals, what is done to the key in small letters: so the wire wants it. */
  private static List<String> shown(List<String> flags) {
    return flags.stream().map(f -> f.length() == 2 ? f : f.toLowerCase(Locale.ROOT)).toList();
  }

  /** Flags that depend on the other arguments: SET reads its key only if told to. */
  private static List<String> actual(KeySpec spec, Args inner) {
    if (!spec.flags().contains("VARIABLE_FLAGS") || !inner.is(0, "SET")) {
      return spec.flags();
    }
    for (int i = 3; i < inner.count(); i++) {
      if (inner.is(i, "GET")) {
        return List.of("RW", "ACCESS", "UPDATE");
      }
    }
    return List.of("OW", "UPDATE");
  }
}
