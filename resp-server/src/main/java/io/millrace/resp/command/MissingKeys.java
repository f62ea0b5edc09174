package io.millrace.resp.command;

import io.millrace.engine.state.NotResidentException;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;

/**
 * Finds all keys of a command that are on disk when it has missed the first one, so that they are
 * loaded together. Without this, {@code MGET} of a hundred cold keys would be begun again for each.
 */
final class MissingKeys {
  /** Keys looked for at a time; what is beyond is found by the next attempt. */
  private static final int MOST = 512;

  private final CommandContext ctx;
  private final NotResidentException missing;
  private int looked;

  private MissingKeys(CommandContext ctx, NotResidentException missing) {
    this.ctx = ctx;
    this.missing = missing;
  }

  /**
   * Adds the other missing keys of a command, or of the commands that EXEC was to run, to the one
   * that is known. Nothing may have been changed since the execution began.
   */
  static void addAll(
      CommandContext ctx, CommandSpec spec, Args args, NotResidentException missing) {
    var keys = new MissingKeys(ctx, missing);
    var queue = ctx.session().transaction();
    if (queue == null) {
      keys.add(spec, args);
      return;
    }
    var batch = queue.decode();
    var queued = new Args();
    int at = 0;
    for (int i = 0; i < queue.size() && keys.looked < MOST; i++) {
      batch.read(at, queue.array(), queued);
      keys.add(queue.spec(i), queued);
      at = batch.next(at);
    }
  }

  private void add(CommandSpec spec, Args args) {
    try {
      for (var keys : spec.keys()) {
        keys.each(args, i -> look(args, i));
      }
    } catch (CommandException unclear) {
      // The command itself says so when it is run.
      return;
    }
  }

  private void look(Args args, int i) {
    if (looked >= MOST) {
      return;
    }
    looked++;
    try {
      ctx.open(args, i);
    } catch (NotResidentException other) {
      missing.add(other);
    }
  }
}
