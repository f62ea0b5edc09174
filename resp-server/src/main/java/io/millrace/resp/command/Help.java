package io.millrace.resp.command;

import io.millrace.resp.protocol.ReplyWriter;
import java.util.ArrayList;
import java.util.Locale;

/** The HELP subcommands, derived from the declarations. */
public final class Help {
  private Help() {}

  /** Lists the subcommands of a container. */
  public static void reply(CommandContext ctx, String container, ReplyWriter reply) {
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
