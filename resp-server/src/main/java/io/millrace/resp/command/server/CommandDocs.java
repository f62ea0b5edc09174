package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** COMMAND DOCS, derived from the declarations. */
final class CommandDocs {
  private CommandDocs() {}

  static void docs(CommandContext ctx, Args args, ReplyWriter reply) {
    List<CommandSpec> shown = new ArrayList<>();
    if (args.count() == 2) {
      shown.addAll(ctx.server().table().commands());
    }
    for (int i = 2; i < args.count(); i++) {
      var command = CommandCommands.find(ctx, args.latin(i));
      if (command != null) {
        shown.add(command);
      }
    }
    reply.map(shown.size());
    shown.forEach(command -> describe(command, reply));
  }

  private static void describe(CommandSpec command, ReplyWriter reply) {
    boolean arguments = !command.args().isEmpty();
    boolean subcommands = !command.subcommands().isEmpty();
    reply.bulk(command.fullName());
    reply.map(4 + (arguments ? 1 : 0) + (subcommands ? 1 : 0));
    reply.bulk("summary");
    reply.bulk(command.summary());
    reply.bulk("since");
    reply.bulk(command.since());
    reply.bulk("group");
    reply.bulk(command.group().docName());
    reply.bulk("complexity");
    reply.bulk(command.complexity());
    if (arguments) {
      reply.bulk("arguments");
      replyArguments(command.args(), reply);
    }
    if (subcommands) {
      reply.bulk("subcommands");
      reply.map(command.subcommands().size());
      command.subcommands().forEach(sub -> describe(sub, reply));
    }
  }

  private static void replyArguments(List<Arg> arguments, ReplyWriter reply) {
    reply.array(arguments.size());
    arguments.forEach(argument -> describe(argument, reply));
  }

  private static void describe(Arg arg, ReplyWriter reply) {
    boolean parts = !arg.parts().isEmpty();
    var flags = new ArrayList<String>();
    if (arg.optional()) {
      flags.add("optional");
    }
    if (arg.multiple()) {
      flags.add("multiple");
    }
    if (arg.repeatsToken()) {
      flags.add("multiple_token");
    }
    boolean key = arg.keySpec() >= 0;
    boolean token = arg.token() != null;
    int size = 2 + (key ? 1 : 0) + (token ? 1 : 0) + (flags.isEmpty() ? 0 : 1) + (parts ? 1 : 0);
    reply.map(parts ? size : size + 1);
    reply.bulk("name");
    reply.bulk(arg.name());
    reply.bulk("type");
    reply.bulk(arg.type().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (!parts) {
      reply.bulk("display_text");
      reply.bulk(arg.name());
    }
    if (key) {
      reply.bulk("key_spec_index");
      reply.integer(arg.keySpec());
    }
    if (arg.token() != null) {
      reply.bulk("token");
      reply.bulk(arg.token());
    }
    if (!flags.isEmpty()) {
      reply.bulk("flags");
      reply.array(flags.size());
      flags.forEach(reply::simple);
    }
    if (parts) {
      reply.bulk("arguments");
      replyArguments(arg.parts(), reply);
    }
  }
}
