package io.millrace.node.config;

/** A configuration that cannot be used; the message is for the person who wrote it. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one with the message to print. */
  public ConfigException(String message) {
    super(message);
  }
}
