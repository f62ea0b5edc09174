package io.millrace.resp.command.server;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Glob;
import io.millrace.resp.protocol.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;

/** CONFIG and its subcommands. */
final class ConfigCommands {
  private ConfigCommands() {}

  static void get(CommandContext ctx, Args args, ReplyWriter reply) {
    var settings = ctx.server().settings();
    var found = new LinkedHashMap<String, String>();
    for (int i = 2; i < args.count(); i++) {
      var glob = args.latin(i).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
      for (var name : settings.names()) {
        var bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        if (Glob.matches(glob, 0, glob.length, bytes, 0, bytes.length)) {
          found.put(name, settings.value(name));
        }
      }
    }
    reply.map(found.size());
    found.forEach((name, value) -> {
      reply.bulk(name);
      reply.bulk(value);
    });
  }

  static void set(CommandContext ctx, Args args, ReplyWriter reply) {
    if (args.count() % 2 != 0) {
      throw CommandException.SYNTAX;
    }
    var settings = ctx.server().settings();
    var changes = new LinkedHashMap<String, String>();
    for (int i = 2; i < args.count(); i += 2) {
      var name = args.latin(i).toLowerCase(Locale.ROOT);
      if (!args.isText(i + 1)) {
        // What cannot be kept as it is must not become another value, least of all a password.
        throw new CommandException(ServerSettings.refusal(name, "argument is not valid UTF-8"));
      }
      if (changes.put(name, args.text(i + 1)) != null) {
        throw new CommandException(ServerSettings.refusal(name, "duplicate parameter"));
      }
    }
    var refusal = settings.set(changes);
    if (refusal != null) {
      throw new CommandException(refusal);
    }
    reply.ok();
  }

  static void resetStat(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.server().stats().reset();
    reply.ok();
  }

  static void rewrite(CommandContext ctx, Args args, ReplyWriter reply) {
    throw CommandException.error("The server is running without a config file");
  }
}
