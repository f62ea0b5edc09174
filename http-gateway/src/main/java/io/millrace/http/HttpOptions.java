package io.millrace.http;

import io.millrace.engine.state.RequestMemory;
import java.net.InetAddress;
import java.util.List;

/**
 * How the door is opened.
 *
 * @param addresses addresses to listen on
 * @param port port, 0 for any free one
 * @param access who may use it
 * @param maxBody largest single event or line in bytes
 * @param maxConnections connections served at a time
 * @param headTimeoutMs time a client has for its first request's head, for the rest of a head once
 *     it has begun, and to read an answer that came before the end of its request
 * @param requests the memory that requests of all doors may hold together
 */
public record HttpOptions(
    List<InetAddress> addresses,
    int port,
    HttpAccess access,
    long maxBody,
    int maxConnections,
    long headTimeoutMs,
    RequestMemory requests) {
  private static final long HEAD_TIMEOUT_MS = 10_000;

  /** The defaults, on one loopback port. */
  public static HttpOptions loopback(int port) {
    return new HttpOptions(
        List.of(InetAddress.getLoopbackAddress()),
        port,
        HttpAccess.of(""),
        64L << 20,
        4_096,
        HEAD_TIMEOUT_MS,
        RequestMemory.ofThisProcess());
  }

  /** The same with a password. */
  public HttpOptions withPassword(String password) {
    return withAccess(HttpAccess.of(password));
  }

  /** The same with other rules of access. */
  public HttpOptions withAccess(HttpAccess next) {
    return new HttpOptions(addresses, port, next, maxBody, maxConnections, headTimeoutMs, requests);
  }

  /** The same with another limit of one event. */
  public HttpOptions withMaxBody(long most) {
    return new HttpOptions(addresses, port, access, most, maxConnections, headTimeoutMs, requests);
  }

  /** The same with another time for the head of a request. */
  public HttpOptions withHeadTimeoutMs(long ms) {
    return new HttpOptions(addresses, port, access, maxBody, maxConnections, ms, requests);
  }
}
