package io.millrace.resp.command;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.server.Server;
import io.millrace.resp.session.Session;
import io.millrace.resp.session.Transaction;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a command is not executed at all, in Redis's words and order. */
final class Refusals {
  static final String OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
  static final String DISK_FULL = "MISCONF Errors writing to the AOF file: No space left on device";
  static final String TOO_LARGE = "OOM the command or transaction is larger than one record can be";
  private static final int SHOWN = 128;

  private Refusals() {}

  static String text(@Nullable CommandSpec named, @Nullable CommandSpec spec, Args args) {
    if (named == null) {
      return unknown(args);
    }
    if (spec == null) {
      return "ERR unknown subcommand '"
          + shorten(args.shown(1))
          + "'. Try "
          + named.name().toUpperCase(Locale.ROOT)
          + " HELP.";
    }
    return "ERR wrong number of arguments for '" + spec.fullName() + "' command";
  }

  private static String unknown(Args args) {
    var text = new StringBuilder();
    for (int i = 1; i < args.count() && text.length() < SHOWN; i++) {
      int room = SHOWN - text.length();
      var argument = args.shown(i);
      text.append('\'').append(argument, 0, Math.min(room, argument.length())).append("' ");
    }
    return "ERR unknown command '"
        + shorten(args.shown(0))
        + "', with args beginning with: "
        + text;
  }

  private static String shorten(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) : text;
  }

  static @Nullable String check(Server server, Session session, CommandSpec spec) {
    if (!session.authenticated() && !spec.has(Flag.NO_AUTH)) {
      return "NOAUTH Authentication required.";
    }
    if (session.transaction() != null && spec.has(Flag.NO_MULTI)) {
      return "ERR Command not allowed inside a transaction";
    }
    if (session.protocol() == 2 && session.subscriptions().any() && !runsWhileSubscribed(spec)) {
      return "ERR Can't execute '"
          + spec.fullName()
          + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this"
          + " context";
    }
    return null;
  }

  /**
   * True for a command that is refused above maxmemory: a queue needs memory whatever is queued.
   */
  static boolean needsMemory(@Nullable Transaction transaction, CommandSpec spec) {
    if (transaction == null || spec.isSubcommand()) {
      return transaction != null || spec.has(Flag.DENYOOM);
    }
    return switch (spec.name()) {
      case "EXEC" -> transaction.needsMemory();
      case "DISCARD", "QUIT", "RESET" -> false;
      default -> true;
    };
  }

  private static boolean runsWhileSubscribed(CommandSpec spec) {
    if (spec.isSubcommand()) {
      return false;
    }
    return switch (spec.name()) {
      case "SUBSCRIBE",
          "UNSUBSCRIBE",
          "PSUBSCRIBE",
          "PUNSUBSCRIBE",
          "SSUBSCRIBE",
          "SUNSUBSCRIBE",
          "PING",
          "QUIT",
          "RESET" ->
          true;
      default -> false;
    };
  }
}
