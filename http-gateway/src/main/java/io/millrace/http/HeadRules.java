package io.millrace.http;

import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * What the head of a request must be so that nobody on the way can read another request in the same
 * bytes.
 */
final class HeadRules {
  private static final String SCHEME = "http://";

  private HeadRules() {}

  /**
   * Checks a head, and brings the form of a target that proxies are sent to the usual one.
   *
   * @throws ProblemException 400 when it can be read in two ways; the connection has to end
   */
  static void check(HttpRequest head) {
    var version = head.protocolVersion();
    var modern = version.equals(HttpVersion.HTTP_1_1);
    if (!modern && !version.equals(HttpVersion.HTTP_1_0)) {
      throw new ProblemException(Problem.of(505, "PROTOCOL", "this door speaks HTTP/1.1"));
    }
    var hosts = head.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || modern && hosts.isEmpty()) {
      throw broken("a request has one Host header, this one has " + hosts.size());
    }
    if (!hosts.isEmpty() && !isHost(hosts.getFirst())) {
      throw broken("the Host header is no host");
    }
    target(head);
    var lengths = head.headers().getAll(HttpHeaderNames.CONTENT_LENGTH);
    var codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (lengths.size() > 1 || !lengths.isEmpty() && !codings.isEmpty()) {
      throw broken("a request says the length of its body once");
    }
    if (!lengths.isEmpty() && !isNumber(lengths.getFirst())) {
      throw broken("the Content-Length is no number");
    }
    if (!codings.isEmpty()
        && (!modern || codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked"))) {
      throw broken("the only Transfer-Encoding is chunked");
    }
    if (head.headers().getAll(HttpHeaderNames.AUTHORIZATION).size() > 1
        || head.headers().getAll(HttpHeaderNames.ORIGIN).size() > 1
        || head.headers().getAll(HttpHeaderNames.CONTENT_TYPE).size() > 1) {
      throw broken("Authorization, Origin and Content-Type are said once");
    }
  }

  /** Of a target with a host, that host counts, whatever the header says: RFC 9112, 3.2.2. */
  private static void target(HttpRequest head) {
    var uri = head.uri();
    if (uri.startsWith("/") || head.method().equals(HttpMethod.OPTIONS) && uri.equals("*")) {
      return;
    }
    var start = uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) ? SCHEME.length() : -1;
    if (start < 0) {
      throw broken("the target of a request is a path that begins with /, or begins with http://");
    }
    var end = start;
    while (end < uri.length() && "/?".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    var host = uri.substring(start, end);
    if (!isHost(host)) {
      throw broken("the target of a request names no host");
    }
    head.headers().set(HttpHeaderNames.HOST, host);
    head.setUri(uri.startsWith("/", end) ? uri.substring(end) : "/" + uri.substring(end));
  }

  private static ProblemException broken(String why) {
    return new ProblemException(Problem.of(400, "PROTOCOL", why));
  }

  /** Digits only: a sign or a list would be read differently elsewhere. */
  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 19
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isHost(String text) {
    if (text.isEmpty() || text.startsWith(":")) {
      return false;
    }
    return text.chars()
        .allMatch(c ->
            c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "-._~:[]%".indexOf(c) >= 0);
  }
}
