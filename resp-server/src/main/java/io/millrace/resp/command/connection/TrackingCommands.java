package io.millrace.resp.command.connection;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.session.ClientTracking;
import io.millrace.resp.session.ClientTracking.Option;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** CLIENT TRACKING and its kin. */
final class TrackingCommands {
  private static final String ANEW =
      " before disabling tracking for this client, and then re-enabling it with a different mode.";

  private TrackingCommands() {}

  /** What CLIENT TRACKING was told. */
  private record Given(long redirect, Set<Option> options, List<String> prefixes) {}

  static void tracking(CommandContext ctx, Args args, ReplyWriter reply) {
    var given = parse(ctx, args);
    if (args.is(2, "ON")) {
      start(ctx, given);
    } else if (args.is(2, "OFF")) {
      ctx.server().tracking().stop(ctx.session());
      ctx.session().redirectBroken(false);
      ctx.session().caching(false);
    } else {
      throw CommandException.SYNTAX;
    }
    reply.ok();
  }

  private static Given parse(CommandContext ctx, Args args) {
    long redirect = 0;
    var options = EnumSet.noneOf(Option.class);
    var prefixes = new ArrayList<String>();
    for (int i = 3; i < args.count(); i++) {
      boolean more = i + 1 < args.count();
      var option = option(args, i);
      if (option != null) {
        options.add(option);
      } else if (more && args.is(i, "REDIRECT")) {
        i++;
        redirect = redirect(ctx, args, i, redirect);
      } else if (more && args.is(i, "PREFIX")) {
        i++;
        prefixes.add(args.latin(i));
      } else {
        throw CommandException.SYNTAX;
      }
    }
    return new Given(redirect, options, prefixes);
  }

  private static @Nullable Option option(Args args, int i) {
    for (var option : Option.values()) {
      if (args.is(i, option.name())) {
        return option;
      }
    }
    return null;
  }

  private static long redirect(CommandContext ctx, Args args, int i, long before) {
    if (before != 0) {
      throw CommandException.error("A client can only redirect to a single other client");
    }
    long id = args.integer(i);
    if (ctx.server().session(id) == null) {
      throw CommandException.error("The client ID you want redirect to does not exist");
    }
    return id;
  }

  private static void start(CommandContext ctx, Given given) {
    var session = ctx.session();
    var before = session.tracking();
    boolean broadcasts = given.options().contains(Option.BCAST);
    if (!broadcasts && !given.prefixes().isEmpty()) {
      throw CommandException.error("PREFIX option requires BCAST mode to be enabled");
    }
    if (before != null && before.has(Option.BCAST) != broadcasts) {
      throw CommandException.error("You can't switch BCAST mode on/off" + ANEW);
    }
    boolean in = given.options().contains(Option.OPTIN);
    boolean out = given.options().contains(Option.OPTOUT);
    if (broadcasts && (in || out)) {
      throw CommandException.error("OPTIN and OPTOUT are not compatible with BCAST");
    }
    if (in && out) {
      throw CommandException.error("You can't specify both OPTIN mode and OPTOUT mode");
    }
    if (before != null && (in && before.has(Option.OPTOUT) || out && before.has(Option.OPTIN))) {
      throw CommandException.error("You can't switch OPTIN/OPTOUT mode" + ANEW);
    }
    var prefixes = new TreeSet<String>();
    if (broadcasts) {
      checkPrefixes(given.prefixes(), before == null ? Set.of() : before.prefixes());
      prefixes.addAll(given.prefixes().isEmpty() ? List.of("") : given.prefixes());
    }
    session.redirectBroken(false);
    ctx.server()
        .tracking()
        .start(session, new ClientTracking(given.redirect(), given.options(), prefixes));
  }

  private static void checkPrefixes(List<String> wanted, Set<String> before) {
    for (int i = 0; i < wanted.size(); i++) {
      for (var other : before) {
        refuseOverlap(wanted.get(i), other, "an existing");
      }
      for (int j = i + 1; j < wanted.size(); j++) {
        refuseOverlap(wanted.get(i), wanted.get(j), "another provided");
      }
    }
  }

  private static void refuseOverlap(String prefix, String other, String which) {
    if (prefix.startsWith(other) || other.startsWith(prefix)) {
      throw CommandException.error(
          "Prefix '"
              + prefix
              + "' overlaps with "
              + which
              + " prefix '"
              + other
              + "'. Prefixes for a single client must not overlap.");
    }
  }

  static void caching(CommandContext ctx, Args args, ReplyWriter reply) {
    var how = ctx.session().tracking();
    if (how == null) {
      throw CommandException.error(
          "CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or"
              + " OPTOUT mode enabled");
    }
    boolean yes = args.is(2, "YES");
    if (!yes && !args.is(2, "NO")) {
      throw CommandException.SYNTAX;
    }
    if (!how.has(yes ? Option.OPTIN : Option.OPTOUT)) {
      throw CommandException.error(
          yes
              ? "CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode."
              : "CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
    }
    ctx.session().caching(true);
    reply.ok();
  }

  static void getRedir(CommandContext ctx, Args args, ReplyWriter reply) {
    var how = ctx.session().tracking();
    reply.integer(how == null ? -1 : how.redirect());
  }

  static void trackingInfo(CommandContext ctx, Args args, ReplyWriter reply) {
    var session = ctx.session();
    var how = session.tracking();
    var flags = new ArrayList<String>();
    flags.add(how == null ? "off" : "on");
    if (how != null) {
      flag(flags, how.has(Option.BCAST), "bcast");
      flag(flags, how.has(Option.OPTIN), "optin");
      flag(flags, how.has(Option.OPTIN) && session.caching(), "caching-yes");
      flag(flags, how.has(Option.OPTOUT), "optout");
      flag(flags, how.has(Option.OPTOUT) && session.caching(), "caching-no");
      flag(flags, how.has(Option.NOLOOP), "noloop");
      flag(flags, session.redirectBroken(), "broken_redirect");
    }
    reply.map(3);
    reply.bulk("flags");
    reply.set(flags.size());
    flags.forEach(reply::bulk);
    reply.bulk("redirect");
    reply.integer(how == null ? -1 : how.redirect());
    reply.bulk("prefixes");
    reply.array(how == null ? 0 : how.prefixes().size());
    if (how != null) {
      how.prefixes().forEach(p -> reply.bulk(p.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private static void flag(List<String> flags, boolean on, String name) {
    if (on) {
      flags.add(name);
    }
  }
}
