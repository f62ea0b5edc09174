package io.millrace.resp.server;

/** Names and versions the server gives itself. */
public final class Identity {
  /** Dialect spoken: clients decide by it which commands they may use. */
  public static final String REDIS_VERSION = "7.2.4";

  /** The truth. */
  public static final String SERVER_NAME = "millrace";

  /** Our own version. */
  public static final String VERSION = "0.1.0";

  private Identity() {}
}
