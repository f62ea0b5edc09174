package io.millrace.resp.command;

import io.millrace.engine.state.Execution;
import io.millrace.resp.command.spec.CommandTable;
import io.millrace.resp.keyspace.RecordReplayer;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandBatch;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.DecodeLimits;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.protocol.RequestDecoder;
import io.millrace.resp.server.Server;
import io.millrace.resp.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes logged commands again through the same handlers; replies are dropped. */
public final class Replayer implements RecordReplayer {
  private static final DecodeLimits UNLIMITED =
      new DecodeLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, true);

  private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);
  private static final int MOST_LINES = 100;
  private static final int MOST_REPLY = 1 << 16;

  private final Handlers handlers;
  private final Server server;
  private final Session session;
  private final RequestDecoder decoder = new RequestDecoder();
  private final CommandBatch batch = new CommandBatch();
  private final Args args = new Args();
  private final ReplyWriter dropped = new ReplyWriter(MOST_REPLY);
  private @Nullable CommandContext context;

  /** Creates a replayer with a session that stands for the client of old. */
  public Replayer(Handlers handlers, Server server, Session session) {
    this.handlers = handlers;
    this.server = server;
    this.session = session;
  }

  @Override
  public void replay(int database, byte[] array, int offset, int length, Execution execution) {
    var ctx = context;
    if (ctx == null) {
      ctx = new CommandContext(server.keyspace(), server, session, execution);
      context = ctx;
    }
    int at = offset;
    int end = offset + length;
    session.select(Math.max(database, 0));
    ctx.begin(execution, session);
    while (at < end) {
      if (database < 0) {
        ctx.select(array[at++]);
      }
      batch.clear();
      if (decoder.decode(array, at, end, batch, UNLIMITED) != RequestDecoder.COMMAND) {
        throw new IllegalStateException(
            "a record of the keyspace holds no command: length=" + length + " at=" + (at - offset));
      }
      at = decoder.consumed();
      batch.read(0, array, args);
      run(ctx);
    }
    ctx.forgetAfterwards();
    server.announcer().forget();
  }

  /**
   * Runs one command. A logged command has changed something, even if it failed then; one that is
   * refused now without having changed anything is a difference from what was answered once.
   */
  private void run(CommandContext ctx) {
    var named = server.table().find(args.array(), args.offset(0), args.length(0));
    var spec =
        named != null && !named.subcommands().isEmpty() && args.count() > 1
            ? CommandTable.subcommand(named, args)
            : named;
    if (spec == null) {
      throw new IllegalStateException(
          "a record names a command that this version lacks: name=" + args.latin(0));
    }
    dropped.reset(0);
    dropped.begin(true);
    long changesBefore = ctx.execution().changes();
    try {
      handlers.of(spec).run(ctx, args, dropped);
    } catch (CommandException answer) {
      if (ctx.execution().changes() == changesBefore) {
        refused(ctx, answer);
      }
    }
  }

  private void refused(CommandContext ctx, CommandException answer) {
    long count = ++server.stats().refusedFolds;
    if (count <= MOST_LINES) {
      LOG.error(
          "a logged command is refused when it is folded again: command={} stamp={} database={}"
              + " count={} answer={}",
          args.latin(0),
          ctx.stampMs(),
          ctx.database().index(),
          count,
          answer.text());
    }
  }
}
