package io.millrace.sql;

import io.millrace.engine.state.RequestMemory;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the SQL door.
 *
 * @param binds addresses to listen on
 * @param port port to listen on, 0 for any free one
 * @param password what every user must know at the moment, empty for nothing
 * @param cleartext asks for the password itself rather than by SCRAM-SHA-256
 * @param maxConnections connections at once
 * @param workers threads that run statements
 * @param statementTimeoutMs limit of a statement, 0 for none; a session may change its own
 * @param statementMemoryBytes memory one statement may hold
 * @param totalMemoryBytes memory all statements may hold
 * @param maxMessageBytes largest message of a client
 * @param loginTimeoutMs time a client has to log in
 * @param fallbackAllowed whether Calcite's Enumerable may run what we have no operator for
 * @param admits whether a client of an address may come in at the moment, password or not
 * @param requests the memory that requests of all doors may hold together
 */
public record SqlConfig(
    List<String> binds,
    int port,
    Supplier<String> password,
    boolean cleartext,
    int maxConnections,
    int workers,
    long statementTimeoutMs,
    long statementMemoryBytes,
    long totalMemoryBytes,
    int maxMessageBytes,
    long loginTimeoutMs,
    boolean fallbackAllowed,
    Predicate<InetAddress> admits,
    RequestMemory requests) {
  private static final long STATEMENT_MEMORY = 256L << 20;
  private static final int MAX_MESSAGE = 64 << 20;
  private static final long STATEMENT_TIMEOUT_MS = 60_000;
  private static final long LOGIN_TIMEOUT_MS = 10_000;

  /** Defaults for an address. */
  public static SqlConfig of(String bind, int port, @Nullable String password) {
    return of(List.of(bind), port, () -> password == null ? "" : password);
  }

  /** Defaults for addresses, and a password that may change. */
  public static SqlConfig of(List<String> binds, int port, Supplier<String> password) {
    var requests = RequestMemory.ofThisProcess();
    return new SqlConfig(
        binds,
        port,
        password,
        false,
        200,
        Math.max(4, 2 * Runtime.getRuntime().availableProcessors()),
        STATEMENT_TIMEOUT_MS,
        Math.min(STATEMENT_MEMORY, requests.limit() / 2),
        requests.limit() - requests.limit() / 4,
        MAX_MESSAGE,
        LOGIN_TIMEOUT_MS,
        true,
        any -> true,
        requests);
  }

  /** The same with another limit of a statement. */
  public SqlConfig withStatementTimeoutMs(long ms) {
    return new SqlConfig(
        binds,
        port,
        password,
        cleartext,
        maxConnections,
        workers,
        ms,
        statementMemoryBytes,
        totalMemoryBytes,
        maxMessageBytes,
        loginTimeoutMs,
        fallbackAllowed,
        admits,
        requests);
  }

  /** The same with other memory limits. */
  public SqlConfig withMemory(long statementBytes, long totalBytes) {
    return new SqlConfig(
        binds,
        port,
        password,
        cleartext,
        maxConnections,
        workers,
        statementTimeoutMs,
        statementBytes,
        totalBytes,
        maxMessageBytes,
        loginTimeoutMs,
        fallbackAllowed,
        admits,
        requests);
  }

  /** The same with a memory that other doors share. */
  public SqlConfig withRequests(RequestMemory shared) {
    return new SqlConfig(
        binds,
        port,
        password,
        cleartext,
        maxConnections,
        workers,
        statementTimeoutMs,
        statementMemoryBytes,
        totalMemoryBytes,
        maxMessageBytes,
        loginTimeoutMs,
        fallbackAllowed,
        admits,
        shared);
  }

  /** The same with or without the fallback. */
  public SqlConfig withFallbackAllowed(boolean allowed) {
    return new SqlConfig(
        binds,
        port,
        password,
        cleartext,
        maxConnections,
        workers,
        statementTimeoutMs,
        statementMemoryBytes,
        totalMemoryBytes,
        maxMessageBytes,
        loginTimeoutMs,
        allowed,
        admits,
        requests);
  }

  /** The same with a clear-text password exchange. */
  public SqlConfig withCleartext() {
    return new SqlConfig(
        binds,
        port,
        password,
        true,
        maxConnections,
        workers,
        statementTimeoutMs,
        statementMemoryBytes,
        totalMemoryBytes,
        maxMessageBytes,
        loginTimeoutMs,
        fallbackAllowed,
        admits,
        requests);
  }

  /** The same with another number of connections. */
  public SqlConfig withMaxConnections(int most) {
    return new SqlConfig(
        binds,
        port,
        password,
        cleartext,
        most,
        workers,
        statementTimeoutMs,
        statementMemoryBytes,
        totalMemoryBytes,
        maxMessageBytes,
        loginTimeoutMs,
        fallbackAllowed,
        admits,
        requests);
  }

  /** The same with another time to log in. */
  public SqlConfig withLoginTimeoutMs(long ms) {
    return new SqlConfig(
        binds,
        port,
        password,
        cleartext,
        maxConnections,
        workers,
        statementTimeoutMs,
        statementMemoryBytes,
        totalMemoryBytes,
        maxMessageBytes,
        ms,
        fallbackAllowed,
        admits,
        requests);
  }

  /** The same for clients of some addresses only, judged again with each message. */
  public SqlConfig withAdmission(Predicate<InetAddress> judge) {
    return new SqlConfig(
        binds,
        port,
        password,
        cleartext,
        maxConnections,
        workers,
        statementTimeoutMs,
        statementMemoryBytes,
        totalMemoryBytes,
        maxMessageBytes,
        loginTimeoutMs,
        fallbackAllowed,
        judge,
        requests);
  }
}
