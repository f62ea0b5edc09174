package io.millrace.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Who may use the door. All of it is asked with each request.
 *
 * @param password password of the node at the moment, empty for none
 * @param admits whether a client of an address may come in at the moment, password or not
 * @param hosts names, beside localhost and addresses, that the door answers to without a password
 * @param origins origins of web pages that may use the door, such as {@code https://app.example}
 */
public record HttpAccess(
    Supplier<String> password,
    Predicate<InetAddress> admits,
    List<String> hosts,
    List<String> origins) {
  /** Compares names and origins in lower case. */
  public HttpAccess {
    hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    origins = origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
  }

  /** A fixed password, empty for none, and no other names. */
  public static HttpAccess of(String password) {
    return new HttpAccess(() -> password, any -> true, List.of(), List.of());
  }
}
