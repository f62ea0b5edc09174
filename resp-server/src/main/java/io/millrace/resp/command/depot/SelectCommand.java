package io.millrace.resp.command.depot;

import io.millrace.engine.path.PathException;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.topology.PStateClient.PreparedRead;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PSTATE.SELECT: a path with a key is read in the turn; one over all tasks is read by another
 * thread while only this connection waits.
 */
final class SelectCommand {
  private SelectCommand() {}

  static void select(CommandContext ctx, Args args, ReplyWriter reply) {
    PreparedRead read;
    try {
      read = ctx.server().engine().pstate(args.text(1)).prepare(args.text(2));
    } catch (PathException wrong) {
      throw new CommandException("PATH " + wrong.getMessage());
    } catch (SchemaException wrong) {
      throw new CommandException("SCHEMA " + wrong.getMessage());
    } catch (IllegalArgumentException unknown) {
      throw CommandException.error(String.valueOf(unknown.getMessage()));
    }
    if (read.task() < 0) {
      selectBehind(ctx, read);
      return;
    }
    try {
      var found = read.read(ctx.execution());
      ctx.raisePosition(found.position());
      write(found.values(), reply);
    } catch (PathException wrong) {
      throw new CommandException("PATH " + wrong.getMessage());
    }
  }

  private static void selectBehind(CommandContext ctx, PreparedRead read) {
    var resume = ctx.suspend();
    int protocol = ctx.session().protocol();
    Thread.ofVirtual()
        .name("pstate-select")
        .start(() -> {
          var reply = new ReplyWriter();
          reply.protocol(protocol);
          try {
            write(read.readBlocking(), reply);
          } catch (RuntimeException wrong) {
            reply.reset(0);
            reply.error("PATH " + wrong.getMessage());
          }
          resume.later(Arrays.copyOf(reply.array(), reply.size()));
        });
  }

  private static void write(List<@Nullable Object> values, ReplyWriter reply) {
    reply.array(values.size());
    values.forEach(value -> ValueReply.write(value, reply));
  }
}
