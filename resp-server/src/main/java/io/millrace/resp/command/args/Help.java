package io.millrace.resp.command.args;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.Handler;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.Syntax;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.ArrayList;
import java.util.Locale;

/** The HELP subcommands, derived from the declarations. */
public final class Help {
  private Help() {}

  /** Declares the HELP of a container. */
  public static Command of(Group group, String container, String since, Flag... flags) {
    return Command.sub(group, container, "HELP", since, "Describes the subcommands.", flags)
        .runs(handler(container));
  }

  /** Answers a list of the subcommands of a container. */
  public static Handler handler(String container) {
    return (ctx, args, reply) -> reply(ctx, container, reply);
  }

  private static void reply(CommandContext ctx, String container, ReplyWriter reply) {
    var spec = ctx.server().table().find(container);
    var lines = new ArrayList<String>();
    lines.add(
        container.toUpperCase(Locale.ROOT)
            + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    if (spec != null) {
      for (var sub : spec.subcommands()) {
        lines.add((sub.name() + " " + Syntax.of(sub)).strip());
        lines.add("    " + sub.summary());
      }
    }
    reply.array(lines.size());
    for (var line : lines) {
      reply.simple(line);
    }
  }
}
