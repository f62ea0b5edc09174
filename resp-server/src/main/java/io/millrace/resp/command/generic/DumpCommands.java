package io.millrace.resp.command.generic;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.dump.Budget;
import io.millrace.resp.dump.ValueDumper;
import io.millrace.resp.dump.ValueLoader;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;

/** DUMP and RESTORE. */
final class DumpCommands {
  private static final CommandException BUSY =
      new CommandException("BUSYKEY Target key name already exists.");
  private static final int MOST_FREQUENT = 255;

  private DumpCommands() {}

  static void dump(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.read(args, 1);
    if (!key.found()) {
      reply.nil();
      return;
    }
    reply.bulk(ValueDumper.dump(ctx.keyspace(), key));
  }

  /** What RESTORE is told beside key, time and payload. */
  private record Options(boolean replace, boolean absolute, long idle, long frequency) {
    static Options parse(Args args) {
      boolean replace = false;
      boolean absolute = false;
      long idle = -1;
      long frequency = -1;
      for (int i = 4; i < args.count(); i++) {
        boolean more = i + 1 < args.count();
        if (args.is(i, "REPLACE")) {
          replace = true;
        } else if (args.is(i, "ABSTTL")) {
          absolute = true;
        } else if (args.is(i, "IDLETIME") && more && frequency == -1) {
          idle = args.integer(++i);
          require(idle >= 0, "Invalid IDLETIME value, must be >= 0");
        } else if (args.is(i, "FREQ") && more && idle == -1) {
          frequency = args.integer(++i);
          require(
              frequency >= 0 && frequency <= MOST_FREQUENT,
              "Invalid FREQ value, must be >= 0 and <= 255");
        } else {
          throw CommandException.SYNTAX;
        }
      }
      return new Options(replace, absolute, idle, frequency);
    }
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw CommandException.error(problem);
    }
  }

  /** Logged as received: life counts from the record's stamp, and the payload is all there is. */
  static void restore(CommandContext ctx, Args args, ReplyWriter reply) {
    var options = Options.parse(args);
    var key = ctx.open(args, 1);
    if (key.found() && !options.replace) {
      throw BUSY;
    }
    long time = args.integer(2);
    require(time >= 0, "Invalid TTL value, must be >= 0");
    var budget = ctx.execution().replaying() ? Budget.ofFold() : Budget.ofHeap();
    var value = ValueLoader.load(args.array(), args.offset(3), args.length(3), budget);
    boolean existed = key.delete();
    long expireAtMs = time == 0 || options.absolute ? time : time + ctx.stampMs();
    if (expireAtMs == 0 || expireAtMs > ctx.stampMs()) {
      value.store(ctx.keyspace(), key, expireAtMs);
      used(ctx, key, options);
      key.event(KeyspaceEvents.GENERIC, "restore");
    } else if (existed) {
      key.event(KeyspaceEvents.GENERIC, "del");
    }
    reply.ok();
  }

  private static void used(CommandContext ctx, Key key, Options options) {
    var clock = ctx.keyspace().clock();
    if (clock.counts() && options.frequency >= 0) {
      key.task().touch(key.ref, clock.frequent((int) options.frequency));
    } else if (!clock.counts() && options.idle >= 0) {
      key.task().touch(key.ref, clock.idleFor(options.idle));
    }
  }
}
