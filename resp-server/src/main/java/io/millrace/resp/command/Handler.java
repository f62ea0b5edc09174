package io.millrace.resp.command;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;

/** Executes one command. Stateless; runs while the execution lock is held. */
@FunctionalInterface
public interface Handler {
  /**
   * Executes the command and writes exactly one reply. Checks its arguments before it changes
   * anything; errors may be thrown as {@link io.millrace.resp.protocol.CommandException}.
   */
  void run(CommandContext context, Args args, ReplyWriter reply);
}
