package io.millrace.resp.command.depot;

import io.millrace.engine.depot.TokenException;
import io.millrace.engine.depot.TokenWait;
import io.millrace.engine.path.PathException;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.topology.PStateClient.PreparedRead;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * PSTATE.SELECT: a path with a key is read in the turn; one over all tasks, one that goes over many
 * elements, or one that must wait for its token, is read by another thread while only this
 * connection waits.
 */
final class SelectCommand {
  private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(30);

  private SelectCommand() {}

  static void select(CommandContext ctx, Args args, ReplyWriter reply) {
    try {
      var read = ctx.server().engine().pstate(args.text(1)).prepare(args.text(2));
      var wait = wait(ctx, args);
      if (read.task() < 0 || wait != null && !wait.isDone(ctx.execution())) {
        selectBehind(ctx, read, wait);
        return;
      }
      var found = read.read(ctx.execution());
      if (found == null) {
        selectBehind(ctx, read, null);
        return;
      }
      ctx.raisePosition(found.position());
      write(found.values(), reply);
    } catch (PathException | SchemaException | TokenException | IllegalArgumentException wrong) {
      throw new CommandException(text(wrong));
    }
  }

  private static @Nullable TokenWait wait(CommandContext ctx, Args args) {
    if (args.count() == 3) {
      return null;
    }
    if (args.count() != 5 || !args.is(3, "AFTER")) {
      throw CommandException.SYNTAX;
    }
    return ctx.server().engine().waitFor(args.text(4));
  }

  private static String text(RuntimeException wrong) {
    var code =
        switch (wrong) {
          case PathException path -> "PATH";
          case SchemaException schema -> "SCHEMA";
          case TokenException token when token.reason() == TokenException.Reason.INVALID -> "TOKEN";
          case TokenException token -> token.reason().name();
          default -> "ERR";
        };
    var stop = wrong instanceof TokenException token ? token.stop() : null;
    return code + " " + wrong.getMessage() + (stop == null ? "" : TopologyCommands.remedy(stop));
  }

  private static void selectBehind(
      CommandContext ctx, PreparedRead read, @Nullable TokenWait wait) {
    var resume = ctx.suspend();
    int protocol = ctx.session().protocol();
    var memory = ctx.server().memory();
    Thread.ofVirtual()
        .name("pstate-select")
        .start(() -> {
          var reply = new ReplyWriter(memory);
          reply.protocol(protocol);
          try {
            if (wait != null) {
              wait.await(WAIT_NS, () -> {});
            }
            resume.later(values(read, reply, protocol));
          } catch (CommandException wrong) {
            resume.later(error(String.valueOf(wrong.getMessage())));
          } catch (RuntimeException wrong) {
            resume.later(error(text(wrong)));
          } catch (OutOfMemoryError full) {
            // The client must not wait for a reply that nobody makes any more.
            resume.later(error("OOM there is no memory for this reply now"));
          } finally {
            reply.reset(0);
          }
        });
  }

  /** What was read as an array: its elements first, because nobody knows yet how many there are. */
  private static byte[] values(PreparedRead read, ReplyWriter elements, int protocol) {
    int[] count = {0};
    read.readBlocking(value -> {
      ValueReply.write(value, elements);
      count[0]++;
    });
    var head = new ReplyWriter();
    head.protocol(protocol);
    head.array(count[0]);
    var all = Arrays.copyOf(head.array(), head.size() + elements.size());
    System.arraycopy(elements.array(), 0, all, head.size(), elements.size());
    return all;
  }

  private static byte[] error(String text) {
    var reply = new ReplyWriter();
    reply.error(text);
    return Arrays.copyOf(reply.array(), reply.size());
  }

  private static void write(List<@Nullable Object> values, ReplyWriter reply) {
    reply.array(values.size());
    values.forEach(value -> ValueReply.write(value, reply));
  }
}
