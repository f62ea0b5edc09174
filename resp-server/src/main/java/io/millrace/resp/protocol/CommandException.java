package io.millrace.resp.protocol;

/**
 * Ends a command with an error reply. Carries no stack trace: these are answers, not failures. A
 * handler throws it before it has changed anything.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A key holds another type. */
  public static final CommandException WRONG_TYPE =
      new CommandException("WRONGTYPE Operation against a key holding the wrong kind of value");

  /** Options do not fit together. */
  public static final CommandException SYNTAX = error("syntax error");

  /** An argument or value is no 64-bit number. */
  public static final CommandException NOT_AN_INTEGER =
      error("value is not an integer or out of range");

  /** An argument or value is no number. */
  public static final CommandException NOT_A_FLOAT = error("value is not a valid float");

  /** The key must exist. */
  public static final CommandException NO_SUCH_KEY = error("no such key");

  /** A database number is not one of those configured. */
  public static final CommandException DB_INDEX = error("DB index is out of range");

  /** Creates an answer with its full text, code word included. */
  public CommandException(String text) {
    super(text, null, false, false);
  }

  /** An answer with the generic code. */
  public static CommandException error(String text) {
    return new CommandException("ERR " + text);
  }

  /** The text of the reply. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
