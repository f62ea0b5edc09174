package io.millrace.resp.command.generic;

import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.Ref;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.ScanOptions;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.Glob;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.SplittableRandom;

/**
 * Walking over keys. SCAN goes by task and then by hash: a cursor is the task in its top bits and
 * the hash, without its lowest bits, below; so it stays valid over restarts and evictions.
 */
final class ScanCommands {
  private static final int TRIES = 200;

  private ScanCommands() {}

  static void keys(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.lookAtAll();
    var pattern = args.bytes(1);
    boolean all = pattern.length == 1 && pattern[0] == '*';
    int mark = reply.size();
    int[] count = {0};
    for (int i = 0; i < ctx.execution().tasks(); i++) {
      scan(
          ctx,
          i,
          entry -> {
            if (alive(ctx, entry)
                && (all
                    || Glob.matches(
                        pattern,
                        0,
                        pattern.length,
                        entry.array,
                        entry.keyOffset,
                        entry.keyLength))) {
              reply.bulk(entry.array, entry.keyOffset, entry.keyLength);
              count[0]++;
            }
            return true;
          });
    }
    reply.wrapArray(mark, count[0]);
  }

  /** Visits the entries of a task in the client's database. */
  private static void scan(CommandContext ctx, int task, EntryVisitor visitor) {
    ctx.execution().task(task).scan(ctx.database().entries(), 0, -1, visitor);
  }

  private static boolean alive(CommandContext ctx, Ref entry) {
    return entry.expireAtMs == 0 || entry.expireAtMs > ctx.stampMs();
  }

  static void randomKey(CommandContext ctx, Args args, ReplyWriter reply) {
    ctx.lookAtAll();
    var random = new SplittableRandom();
    int tasks = ctx.execution().tasks();
    int space = ctx.database().entries();
    long total = ctx.keyspace().count(ctx.database(), ctx.execution());
    var entry = new Ref();
    for (int i = 0; i < TRIES && total > 0; i++) {
      long pick = random.nextLong(total);
      int task = 0;
      while (task < tasks - 1 && pick >= ctx.execution().task(task).count(space)) {
        pick -= ctx.execution().task(task).count(space);
        task++;
      }
      if (ctx.execution().task(task).sample(space, random.nextLong(), entry) && alive(ctx, entry)) {
        reply.bulk(entry.array, entry.keyOffset, entry.keyLength);
        return;
      }
    }
    firstKey(ctx, reply);
  }

  /** Sampling found none: all keys may be expired or on disk; take the first that is alive. */
  private static void firstKey(CommandContext ctx, ReplyWriter reply) {
    boolean[] found = {false};
    for (int i = 0; i < ctx.execution().tasks() && !found[0]; i++) {
      scan(
          ctx,
          i,
          entry -> {
            if (!alive(ctx, entry)) {
              return true;
            }
            reply.bulk(entry.array, entry.keyOffset, entry.keyLength);
            found[0] = true;
            return false;
          });
    }
    if (!found[0]) {
      reply.nil();
    }
  }

  static void scan(CommandContext ctx, Args args, ReplyWriter reply) {
    long cursor = ScanOptions.cursor(args, 1);
    var options = ScanOptions.parse(args, 2, true);
    ctx.lookAtAll();
    new Walk(ctx, options).run(cursor, reply);
  }

  /** One step of SCAN. */
  private static final class Walk {
    private final CommandContext ctx;
    private final ScanOptions options;
    private final int taskBits;
    private final ReplyWriter found = new ReplyWriter();
    private long seen;
    private long lastBucket;
    private boolean stopped;
    private int shown;

    Walk(CommandContext ctx, ScanOptions options) {
      this.ctx = ctx;
      this.options = options;
      this.taskBits = 31 - Integer.numberOfLeadingZeros(ctx.execution().tasks());
    }

    void run(long cursor, ReplyWriter reply) {
      int tasks = ctx.execution().tasks();
      // Cursors are positive: clients read them as signed numbers.
      int shift = 63 - taskBits;
      int task = (int) ((cursor & Long.MAX_VALUE) >>> shift);
      long bucket = cursor & (1L << shift) - 1;
      long next = 0;
      while (task < tasks) {
        next = step(task, bucket);
        if (next != 0) {
          break;
        }
        task++;
        bucket = 0;
        if (seen >= options.count() && task < tasks) {
          next = (long) task << shift;
          break;
        }
      }
      reply.array(2);
      reply.bulk(Long.toUnsignedString(next));
      reply.array(shown);
      reply.raw(found.array(), 0, found.size());
    }

    private long step(int task, long bucket) {
      stopped = false;
      lastBucket = -1;
      long from = bucket << taskBits + 1;
      ctx.execution().task(task).scan(ctx.database().entries(), from, -1, this::visit);
      long next = lastBucket + 1;
      if (!stopped || next == 1L << 63 - taskBits) {
        return 0;
      }
      return (long) task << 63 - taskBits | next;
    }

    private boolean visit(Ref entry) {
      long bucket = entry.hash >>> taskBits + 1;
      if (seen >= options.count() && bucket != lastBucket) {
        stopped = true;
        return false;
      }
      seen++;
      lastBucket = bucket;
      if (alive(ctx, entry)
          && options.matches(entry.array, entry.keyOffset, entry.keyLength)
          && (options.type() == null
              || options.type().equals(ctx.keyspace().type(entry.kind).name()))) {
        found.bulk(entry.array, entry.keyOffset, entry.keyLength);
        shown++;
      }
      return true;
    }
  }
}
