package io.millrace.resp.command;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Watches;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.server.Server;
import io.millrace.resp.server.Waiters;
import io.millrace.resp.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves clients that wait for keys, under the hold of the command that made them ready: each
 * waiting command is run again as an execution with a record of its own; only the reply crosses
 * lanes.
 */
final class WaitingService {
  private final Handlers handlers;
  private final Server server;
  private final Lane lane;
  private final Dispatcher dispatcher;
  private final ReplyWriter reply = new ReplyWriter();
  private final List<NotResidentException> missing = new ArrayList<>();
  private final List<Watches.Name> unfinished = new ArrayList<>();
  private @Nullable CommandContext context;

  /** Attempts in vain since a client was served. */
  private int misses;

  WaitingService(Handlers handlers, Server server, Lane lane, Dispatcher dispatcher) {
    this.handlers = handlers;
    this.server = server;
    this.lane = lane;
    this.dispatcher = dispatcher;
  }

  /** Serves all keys that are ready, and those that become ready by it. */
  void serve(Execution execution) {
    var waiters = server.waiters();
    unfinished.forEach(waiters::signal);
    unfinished.clear();
    for (var key = waiters.nextReady(); key != null; key = waiters.nextReady()) {
      serve(execution, key);
    }
    if (unfinished.isEmpty()) {
      misses = 0;
    }
  }

  private void serve(Execution execution, Watches.Name key) {
    for (var waiter : server.waiters().on(key)) {
      try {
        if (!waiter.done() && holds(execution, key, waiter)) {
          serve(execution, waiter, waiter.only(key));
        }
      } catch (NotResidentException entry) {
        server.announcer().forget();
        missing.addAll(entry.all());
        unfinished.add(key);
        misses++;
        return;
      } catch (ReadTooLargeException tooLarge) {
        server.announcer().forget();
        refuse(waiter, tooLarge);
      }
    }
  }

  private CommandContext begin(Execution execution, Session session) {
    var ctx = context;
    if (ctx == null) {
      ctx = new CommandContext(server.keyspace(), server, session, execution);
      context = ctx;
    }
    lane.next();
    if (misses > Lane.MOST_MISSES) {
      lane.waitForDisk();
    }
    ctx.begin(execution, session);
    return ctx;
  }

  /** True when the key has a value of the kind that is waited for. */
  private boolean holds(Execution execution, Watches.Name name, Waiters.Waiter waiter) {
    var ctx = begin(execution, waiter.session());
    byte[] bytes = name.bytes();
    var database = server.keyspace().database(name.database());
    Key key = ctx.open(0, database, bytes, 0, bytes.length);
    return key.found() && key.ref.kind >>> 2 == waiter.kind() >>> 2;
  }

  private void serve(Execution execution, Waiters.Waiter waiter, Args args) {
    var session = waiter.session();
    var ctx = begin(execution, session);
    ctx.serves(true);
    reply.reset(0);
    reply.protocol(session.protocol());
    reply.begin(waiter.spec().has(Flag.WRITE));
    try {
      handlers.of(waiter.spec()).run(ctx, args, reply);
      reply.end();
    } catch (CommandException answer) {
      reply.reset(0);
      reply.error(answer.text());
    }
    if (ctx.waits()) {
      return;
    }
    if (execution.mutated()) {
      dispatcher.log(ctx, execution, args);
    }
    ctx.runAfterwards();
    server.announcer().tell(session, ctx.position());
    server.waiters().end(waiter);
    misses = 0;
    session.answer(Arrays.copyOf(reply.array(), reply.size()), ctx.position());
  }

  /** Nothing was changed: whoever made the key ready goes on, the others wait for what is left. */
  private void refuse(Waiters.Waiter waiter, ReadTooLargeException tooLarge) {
    var session = waiter.session();
    reply.reset(0);
    reply.protocol(session.protocol());
    reply.error("OOM " + tooLarge.getMessage());
    server.waiters().end(waiter);
    session.answer(Arrays.copyOf(reply.array(), reply.size()), 0);
  }

  /** Entries to be loaded before {@link #serve} can go on; cleared by the call. */
  List<NotResidentException> takeMissing() {
    if (missing.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(missing);
    missing.clear();
    return taken;
  }
}
