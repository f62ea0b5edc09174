package io.millrace.http;

import io.millrace.engine.state.RequestMemory;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * How the door is opened.
 *
 * @param addresses addresses to listen on
 * @param port port, 0 for any free one
 * @param password password of the node, empty for none
 * @param maxBody largest single event or line in bytes
 * @param maxConnections connections served at a time
 * @param requests the memory that requests of all doors may hold together
 */
public record HttpOptions(
    List<InetAddress> addresses,
    int port,
    Supplier<String> password,
    long maxBody,
    int maxConnections,
    RequestMemory requests) {
  /** The defaults, on one loopback port. */
  public static HttpOptions loopback(int port) {
    return new HttpOptions(
        List.of(InetAddress.getLoopbackAddress()),
        port,
        () -> "",
        64L << 20,
        4_096,
        RequestMemory.ofThisProcess());
  }

  /** The same with a password. */
  public HttpOptions withPassword(String password) {
    return new HttpOptions(addresses, port, () -> password, maxBody, maxConnections, requests);
  }

  /** The same with another limit of one event. */
  public HttpOptions withMaxBody(long maxBody) {
    return new HttpOptions(addresses, port, password, maxBody, maxConnections, requests);
  }
}
