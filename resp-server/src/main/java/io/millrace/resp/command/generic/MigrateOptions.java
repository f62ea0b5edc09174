package io.millrace.resp.command.generic;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import org.jspecify.annotations.Nullable;

/**
 * What MIGRATE is told.
 *
 * @param copy keys stay here
 * @param replace keys of the target are replaced
 * @param user name to log in with, or null
 * @param password password to log in with, or null
 * @param firstKey argument of the first key
 * @param keys number of keys
 * @param database database of the target
 * @param timeoutMs how long each exchange may take
 */
record MigrateOptions(
    boolean copy,
    boolean replace,
    @Nullable String user,
    @Nullable String password,
    int firstKey,
    int keys,
    long database,
    int timeoutMs) {
  private static final int KEY = 3;
  private static final int OPTIONS = 6;
  private static final int DEFAULT_TIMEOUT_MS = 1_000;

  static MigrateOptions parse(Args args) {
    boolean copy = false;
    boolean replace = false;
    String user = null;
    String password = null;
    int firstKey = KEY;
    int keys = 1;
    for (int i = OPTIONS; i < args.count() && firstKey == KEY; i++) {
      int more = args.count() - 1 - i;
      if (args.is(i, "COPY")) {
        copy = true;
      } else if (args.is(i, "REPLACE")) {
        replace = true;
      } else if (args.is(i, "AUTH") && more >= 1) {
        password = args.latin(++i);
      } else if (args.is(i, "AUTH2") && more >= 2) {
        user = args.latin(++i);
        password = args.latin(++i);
      } else if (args.is(i, "KEYS")) {
        if (args.length(KEY) != 0) {
          throw CommandException.error(
              "When using MIGRATE KEYS option, the key argument must be set to the empty string");
        }
        firstKey = i + 1;
        keys = more;
      } else {
        throw CommandException.SYNTAX;
      }
    }
    long timeout = args.integer(5);
    long database = args.integer(4);
    int ms = timeout <= 0 ? DEFAULT_TIMEOUT_MS : (int) Math.min(timeout, Integer.MAX_VALUE);
    return new MigrateOptions(copy, replace, user, password, firstKey, keys, database, ms);
  }
}
