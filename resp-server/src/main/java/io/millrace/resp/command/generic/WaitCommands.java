package io.millrace.resp.command.generic;

import io.millrace.engine.state.Execution;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.Timeouts;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.server.Server;
import io.millrace.resp.session.Resume;
import io.millrace.resp.session.Session;
import java.util.Arrays;

/** WAIT and WAITAOF. There are no replicas: nobody but this node will ever confirm anything. */
final class WaitCommands {
  private static final CommandException NOT_POSITIVE =
      CommandException.error("value is out of range, must be positive");
  private static final CommandException NOT_A_BIT =
      CommandException.error("value is out of range, value must between 0 and 1");
  private static final long POLL_MS = 5;

  private WaitCommands() {}

  static void replicas(CommandContext ctx, Args args, ReplyWriter reply) {
    args.integer(1);
    Timeouts.millis(args, 2, ctx.stampMs());
    reply.integer(0);
  }

  static void journal(CommandContext ctx, Args args, ReplyWriter reply) {
    long wanted = args.integer(1);
    if (wanted < 0 || wanted > 1) {
      throw NOT_A_BIT;
    }
    if (!args.isInteger(2) || args.integer(2) < 0) {
      throw NOT_POSITIVE;
    }
    long timeout = Timeouts.millis(args, 3, ctx.stampMs());
    var server = ctx.server();
    long position = ctx.session().written();
    if (wanted == 0 || synced(server, position) || !ctx.mayWait()) {
      answer(reply, synced(server, position));
      return;
    }
    long until = timeout == 0 ? Long.MAX_VALUE : ctx.stampMs() + timeout;
    new Wait(server, ctx.session(), ctx.suspend(), position, until).again();
  }

  private static boolean synced(Server server, long position) {
    return server.engine().syncedPosition() >= position;
  }

  private static void answer(ReplyWriter reply, boolean synced) {
    reply.array(2);
    reply.integer(synced ? 1 : 0);
    reply.integer(0);
  }

  /** A client that waits until what it wrote is on disk. */
  private record Wait(Server server, Session session, Resume resume, long position, long until) {
    void again() {
      session.after(POLL_MS, this::look);
    }

    private void look(Execution execution) {
      if (!server.connected(session.id())) {
        return;
      }
      boolean done = synced(server, position);
      if (!done && execution.stampMs() < until) {
        again();
        return;
      }
      var late = new ReplyWriter();
      answer(late, done);
      resume.with(Arrays.copyOf(late.array(), late.size()), position);
    }
  }
}
