package io.millrace.resp.command.spec;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import java.util.stream.Collectors;

/** The argument grammar of a command as one line for readers. */
public final class Syntax {
  private Syntax() {}

  /** The error for a subcommand that has another number of arguments than it takes. */
  public static CommandException subcommand(Args args, String container) {
    return CommandException.error(
        "unknown subcommand or wrong number of arguments for '"
            + args.shown(1)
            + "'. Try "
            + container
            + " HELP.");
  }

  /** Arguments of a command, without its name. */
  public static String of(CommandSpec spec) {
    return spec.args().stream().map(Syntax::of).collect(Collectors.joining(" "));
  }

  private static String of(Arg arg) {
    var body =
        switch (arg.type()) {
          case PURE_TOKEN -> String.valueOf(arg.token());
          case ONEOF -> arg.parts().stream().map(Syntax::of).collect(Collectors.joining(" | "));
          case BLOCK -> arg.parts().stream().map(Syntax::of).collect(Collectors.joining(" "));
          default -> arg.name();
        };
    if (arg.token() != null && arg.type() != Arg.Type.PURE_TOKEN) {
      body = arg.token() + " " + body;
    }
    if (arg.multiple()) {
      body = body + " [" + body + " ...]";
    }
    if (arg.optional()) {
      return "[" + body + "]";
    }
    return arg.type() == Arg.Type.ONEOF ? "<" + body + ">" : body;
  }
}
