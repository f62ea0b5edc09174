package io.millrace.resp.server;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.protocol.Args;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Arguments that nobody but their client may see: neither in the slow log nor by MONITOR. */
final class Secrets {
  /** What is shown instead. */
  static final String SHOWN = "(redacted)";

  private static final Set<String> SETTINGS =
      Set.of(
          "requirepass",
          "masterauth",
          "masteruser",
          "tls-key-file-pass",
          "tls-client-key-file-pass");

  private static final int MIGRATE_OPTIONS = 6;

  private Secrets() {}

  /** Numbers of the arguments of a command that are passwords, or go with one. */
  static Set<Integer> of(CommandSpec spec, Args args) {
    return switch (spec.fullName()) {
      case "auth" -> all(args);
      case "hello" -> ofHello(args);
      case "config|set" -> ofSettings(args);
      case "migrate" -> ofMigrate(args);
      default -> Set.of();
    };
  }

  private static Set<Integer> all(Args args) {
    var found = new TreeSet<Integer>();
    for (int i = 1; i < args.count(); i++) {
      found.add(i);
    }
    return found;
  }

  private static Set<Integer> ofHello(Args args) {
    var found = new TreeSet<Integer>();
    for (int i = 2; i < args.count(); i++) {
      if (args.is(i, "AUTH")) {
        add(found, args, i, 2);
        i += 2;
      } else if (args.is(i, "SETNAME")) {
        i++;
      }
    }
    return found;
  }

  private static Set<Integer> ofSettings(Args args) {
    var found = new TreeSet<Integer>();
    for (int i = 2; i < args.count(); i += 2) {
      if (SETTINGS.contains(args.latin(i).toLowerCase(Locale.ROOT))) {
        add(found, args, i, 1);
      }
    }
    return found;
  }

  private static Set<Integer> ofMigrate(Args args) {
    var found = new TreeSet<Integer>();
    for (int i = MIGRATE_OPTIONS; i < args.count() && !args.is(i, "KEYS"); i++) {
      int secret = args.is(i, "AUTH") ? 1 : args.is(i, "AUTH2") ? 2 : 0;
      add(found, args, i, secret);
      i += secret;
    }
    return found;
  }

  private static void add(Set<Integer> found, Args args, int behind, int most) {
    for (int i = behind + 1; i <= behind + most && i < args.count(); i++) {
      found.add(i);
    }
  }
}
