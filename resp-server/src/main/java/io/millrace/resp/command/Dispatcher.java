package io.millrace.resp.command;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.CommandTable;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.RecordType;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.server.KeyEvictor;
import io.millrace.resp.server.NotificationPublisher;
import io.millrace.resp.server.Server;
import io.millrace.resp.session.Session;
import io.millrace.resp.session.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of one lane, one after the other, while the lane holds the execution lock:
 * lookup, checks in Redis's order, queueing inside MULTI, execution, and the one record a changing
 * execution leaves in the journal.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class Dispatcher {
  private final Handlers handlers;
  private final Server server;
  private final Keyspace keyspace;
  private final Lane lane;
  private final KeyEvictor evictor;
  private final WaitingService waiting;
  private final NotificationPublisher announcer;
  private final Args queued = new Args();
  private @Nullable CommandContext context;
  private long clock;

  /** Creates the dispatcher of a lane. */
  public Dispatcher(Handlers handlers, Server server, Lane lane) {
    this.handlers = handlers;
    this.server = server;
    this.keyspace = server.keyspace();
    this.lane = lane;
    this.announcer = server.announcer();
    this.evictor = new KeyEvictor(server, lane);
    this.waiting = new WaitingService(handlers, server, lane, this);
  }

  /**
   * Runs one command and writes its reply.
   *
   * @return journal position that must be released before the reply leaves
   * @throws NotResidentException when an entry must be loaded first; nothing was changed and
   *     nothing was replied, the command must be run again
   */
  public long run(Execution execution, Session session, Args args, ReplyWriter reply) {
    int mark = reply.size();
    var named = server.table().find(args.array(), args.offset(0), args.length(0));
    var spec = named == null ? null : resolve(named, args);
    if (spec == null || !spec.runs() || !spec.accepts(args.count())) {
      refuse(session, spec, Refusals.text(named, spec, args), reply);
      return muted(session, reply, mark, 0);
    }
    var refusal = Refusals.check(server, session, spec);
    if (refusal != null) {
      refuse(session, spec, refusal, reply);
      return muted(session, reply, mark, 0);
    }
    var transaction = session.transaction();
    if (args.rawEnd() - args.rawStart() > Transaction.MOST_BYTES && spec.has(Flag.WRITE)) {
      refuse(session, spec, Refusals.TOO_LARGE, reply);
      return muted(session, reply, mark, 0);
    }
    boolean diskFull = lane.diskFull();
    if (diskFull && writes(transaction, spec)) {
      refuse(session, spec, Refusals.DISK_FULL, reply);
      return muted(session, reply, mark, 0);
    }
    if (!diskFull
        && server.settings().maxMemory() > 0
        && !evictor.makeRoom(execution)
        && Refusals.needsMemory(transaction, spec)) {
      refuse(session, spec, Refusals.OUT_OF_MEMORY, reply);
      return muted(session, reply, mark, 0);
    }
    if (transaction != null && !runsInsideMulti(spec)) {
      if (transaction.queue(spec, args)) {
        reply.queued();
      } else {
        refuse(session, spec, Refusals.TOO_LARGE, reply);
      }
      return muted(session, reply, mark, 0);
    }
    long position = execute(execution, session, spec, args, reply);
    return muted(session, reply, mark, position);
  }

  /**
   * Learns which entry a command misses, without running it: a command that stands behind one that
   * waits for the disk, so that both can be loaded together.
   *
   * @return the entry, or null when the command misses none or cannot be told
   */
  public @Nullable NotResidentException probe(
      Execution execution, Session session, Args args, ReplyWriter reply) {
    var spec = server.table().find(args.array(), args.offset(0), args.length(0));
    if (spec == null
        || !spec.accepts(args.count())
        || !probeable(spec)
        || session.transaction() != null
        || Refusals.check(server, session, spec) != null) {
      return null;
    }
    int mark = reply.size();
    var stats = server.stats();
    long hits = stats.keyspaceHits;
    long misses = stats.keyspaceMisses;
    var ctx = context(execution, session);
    try {
      return lane.probe(() -> {
        ctx.begin(execution, session);
        reply.begin(false);
        handlers.of(spec).run(ctx, args, reply);
      });
    } catch (RuntimeException answer) {
      // An error is an answer, too; whatever it is, it comes again when the command is run.
      return null;
    } finally {
      reply.reset(mark);
      ctx.forgetAfterwards();
      announcer.forget();
      stats.keyspaceHits = hits;
      stats.keyspaceMisses = misses;
    }
  }

  /** True for commands that do nothing but look at keys and change them. */
  private static boolean probeable(CommandSpec spec) {
    return spec.runs()
        && !spec.keys().isEmpty()
        && (spec.has(Flag.READONLY) || spec.has(Flag.WRITE))
        && !spec.has(Flag.BLOCKING)
        && !spec.has(Flag.NO_MULTI);
  }

  /** True for a command that has to wait until CLIENT PAUSE is over. */
  public boolean paused(Session session, Args args) {
    var named = server.table().find(args.array(), args.offset(0), args.length(0));
    var spec = named == null ? null : resolve(named, args);
    if (spec == null
        || !spec.runs()
        || !spec.accepts(args.count())
        || Refusals.check(server, session, spec) != null) {
      return false;
    }
    var transaction = session.transaction();
    boolean writesAtOnce =
        transaction != null && spec.name().equals("EXEC") && transaction.writes();
    return server.pause().stops(spec, writesAtOnce);
  }

  /** True for a command that leaves no record: it runs even while changes have to wait. */
  public boolean onlyReads(Args args) {
    var spec = server.table().find(args.array(), args.offset(0), args.length(0));
    return spec != null && spec.has(Flag.READONLY) && server.settings().maxMemory() == 0;
  }

  /** Goes on serving waiting clients, after entries they need were loaded. */
  public void serveWaiting(Execution execution) {
    waiting.serve(execution);
  }

  /** Entries that must be loaded before {@link #serveWaiting} can go on; cleared by the call. */
  public List<NotResidentException> takeMissing() {
    return waiting.takeMissing();
  }

  private static @Nullable CommandSpec resolve(CommandSpec named, Args args) {
    if (named.subcommands().isEmpty() || args.count() < 2) {
      return named;
    }
    return CommandTable.subcommand(named, args);
  }

  private static boolean writes(@Nullable Transaction transaction, CommandSpec spec) {
    return transaction != null && spec.name().equals("EXEC")
        ? transaction.writes()
        : spec.has(Flag.WRITE) || spec.has(Flag.DENYOOM);
  }

  private static boolean runsInsideMulti(CommandSpec spec) {
    if (spec.isSubcommand()) {
      return false;
    }
    return switch (spec.name()) {
      case "EXEC", "DISCARD", "MULTI", "WATCH", "QUIT", "RESET" -> true;
      default -> false;
    };
  }

  private void refuse(Session session, @Nullable CommandSpec spec, String text, ReplyWriter reply) {
    var transaction = session.transaction();
    if (transaction != null) {
      transaction.abort();
    }
    session.abandonWork(keyspace.watches());
    server.stats().errors++;
    if (spec != null) {
      server.stats().rejected[spec.id()]++;
      if (spec.name().equals("EXEC")) {
        session.transaction(null);
        session.unwatch(keyspace.watches());
        var reason = text.startsWith("ERR ") ? text.substring(4) : text;
        reply.error("EXECABORT Transaction discarded because of: " + reason);
        return;
      }
    }
    reply.error(text);
  }

  private long muted(Session session, ReplyWriter reply, int mark, long position) {
    switch (session.replyMode()) {
      case ON -> {}
      case OFF -> reply.reset(mark);
      case SKIP_NEXT -> {
        reply.reset(mark);
        session.replyMode(Session.ReplyMode.SKIP);
      }
      case SKIP -> {
        reply.reset(mark);
        session.replyMode(Session.ReplyMode.ON);
      }
    }
    return position;
  }

  private long execute(
      Execution execution, Session session, CommandSpec spec, Args args, ReplyWriter reply) {
    lane.next();
    if (session.misses() > Lane.MOST_MISSES) {
      lane.waitForDisk();
    }
    var ctx = context(execution, session);
    ctx.begin(execution, session);
    ctx.writes(spec.has(Flag.WRITE));
    int mark = reply.size();
    var stats = server.stats();
    long hits = stats.keyspaceHits;
    long misses = stats.keyspaceMisses;
    reply.begin(spec.has(Flag.WRITE));
    try {
      handlers.of(spec).run(ctx, args, reply);
      reply.end();
    } catch (CommandException answer) {
      reply.reset(mark);
      reply.error(answer.text());
      failed(spec);
    } catch (ReadTooLargeException tooLarge) {
      reply.reset(mark);
      reply.error("OOM " + tooLarge.getMessage());
      session.transaction(null);
      session.unwatch(keyspace.watches());
      session.abandonWork(keyspace.watches());
      failed(spec);
    } catch (Parked until) {
      reply.reset(mark);
      ctx.forgetAfterwards();
      throw until;
    } catch (NotResidentException missing) {
      reply.reset(mark);
      ctx.forgetAfterwards();
      announcer.forget();
      session.missed();
      stats.keyspaceHits = hits;
      stats.keyspaceMisses = misses;
      stats.retries++;
      MissingKeys.addAll(ctx, spec, args, missing);
      throw missing;
    }
    if (execution.mutated() && !ctx.loggedElsewhere()) {
      log(ctx, execution, args);
    }
    ctx.runAfterwards();
    if (announcer.concerned(session)) {
      announcer.ran(session, spec, args, ctx.database().index(), ctx.position());
    }
    if (server.waiters().anyReady()) {
      waiting.serve(execution);
    }
    long before = clock;
    clock = System.nanoTime();
    account(session, spec, args, clock - before, ctx.stampMs());
    return ctx.position();
  }

  /** Reads the clock that commands are timed by; to be called before the first of a hold. */
  public long startClock() {
    clock = System.nanoTime();
    return clock;
  }

  /** Reading of the clock after the last command: the next one is timed from here. */
  public long clock() {
    return clock;
  }

  private CommandContext context(Execution execution, Session session) {
    var ctx = context;
    if (ctx == null) {
      ctx = new CommandContext(keyspace, server, session, execution);
      ctx.dispatcher(this);
      context = ctx;
    }
    return ctx;
  }

  void log(CommandContext ctx, Execution execution, Args args) {
    var effects = ctx.effects();
    if (effects.size() == 0 && !args.isArray()) {
      effects.raw(ctx.database().index());
      effects.command(args);
    }
    long end;
    if (effects.size() > 0) {
      end =
          execution.append(
              keyspace.depotId(),
              ctx.partition(),
              RecordType.EFFECTS,
              ctx.participants(),
              effects.array(),
              0,
              effects.size());
    } else {
      end =
          execution.append(
              keyspace.depotId(),
              ctx.partition(),
              RecordType.COMMAND + ctx.database().index(),
              ctx.participants(),
              args.array(),
              args.rawStart(),
              args.rawEnd() - args.rawStart());
    }
    ctx.raisePosition(end);
    ctx.session().written(end);
  }

  private void failed(CommandSpec spec) {
    server.stats().errors++;
    server.stats().failed[spec.id()]++;
  }

  private void account(Session session, CommandSpec spec, Args args, long nanos, long nowMs) {
    var stats = server.stats();
    int id = spec.id();
    stats.commands++;
    stats.calls[id]++;
    stats.nanos[id] += nanos;
    session.ran(spec, nowMs);
    long slow = server.settings().slowerThanMicros();
    if (slow >= 0 && nanos >= slow * 1000 && !spec.has(Flag.SKIP_SLOWLOG)) {
      int capacity = server.settings().slowLogLength();
      server.slowLog().add(spec, args, nanos / 1000, nowMs, session, capacity);
    }
  }

  /**
   * Runs the queued commands of EXEC as one execution; their changes are one record of resolved
   * effects. An array of all replies is written. A command that has changed nothing itself, because
   * it was refused or had nothing to do, is not in the record: folded again, with other settings or
   * more memory, it might succeed.
   */
  void runQueued(CommandContext ctx, Transaction transaction, ReplyWriter reply) {
    var batch = transaction.decode();
    reply.array(transaction.size());
    ctx.inTransaction(true);
    int at = 0;
    for (int i = 0; i < transaction.size(); i++) {
      batch.read(at, transaction.array(), queued);
      runOne(ctx, transaction.spec(i), queued, reply);
      at = batch.next(at);
    }
  }

  private void runOne(CommandContext ctx, CommandSpec spec, Args args, ReplyWriter reply) {
    int mark = reply.size();
    int effectsBefore = ctx.effects().size();
    long changesBefore = ctx.execution().changes();
    int database = ctx.database().index();
    long started = System.nanoTime();
    ctx.writes(spec.has(Flag.WRITE));
    reply.begin(spec.has(Flag.WRITE));
    try {
      handlers.of(spec).run(ctx, args, reply);
      reply.end();
    } catch (CommandException answer) {
      reply.reset(mark);
      reply.error(answer.text());
      failed(spec);
    }
    boolean changed = ctx.execution().changes() != changesBefore;
    if (changed && spec.has(Flag.WRITE) && ctx.effects().size() == effectsBefore) {
      ctx.effects().raw(database);
      ctx.effects().command(args);
    }
    announcer.ranQueued(ctx.session(), spec, args, ctx.database().index(), ctx.position());
    var stats = server.stats();
    stats.commands++;
    stats.calls[spec.id()]++;
    stats.nanos[spec.id()] += System.nanoTime() - started;
  }
}
