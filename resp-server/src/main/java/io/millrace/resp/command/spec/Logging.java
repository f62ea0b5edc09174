package io.millrace.resp.command.spec;

/** What the record of a changing command says. */
public enum Logging {
  /** The command as received: its effect depends on the record and its own keys only. */
  COMMAND,
  /** The resolved writes, given by the handler one by one. */
  EFFECTS
}
