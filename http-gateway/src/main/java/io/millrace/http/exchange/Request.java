package io.millrace.http.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The head of a request, decoded. */
public final class Request {
  private static final int SHOWN = 100;
  private static final int PARAMETERS = 1_024;

  private final HttpMethod method;
  private final HttpHeaders headers;
  private final List<String> path;
  private final Map<String, List<String>> parameters;

  /**
   * Decodes a request head.
   *
   * @throws IllegalArgumentException when the target cannot be decoded
   */
  public Request(HttpRequest head) {
    method = head.method();
    headers = head.headers();
    // A semicolon is part of a value, as browsers and curl send it.
    var target = new QueryStringDecoder(head.uri(), StandardCharsets.UTF_8, true, PARAMETERS, true);
    var text = target.path();
    path = List.of((text.startsWith("/") ? text.substring(1) : text).split("/", -1));
    parameters = target.parameters();
  }

  /** The method. */
  public HttpMethod method() {
    return method;
  }

  /** The parts of the path. */
  public List<String> path() {
    return path;
  }

  /** A header, or null. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Every value of a header. */
  public List<String> headers(String name) {
    return headers.getAll(name);
  }

  /** Text of a client as an error shows it: printable, and not long. */
  public static String shown(String text) {
    var clean = new StringBuilder();
    text.chars().limit(SHOWN).forEach(c -> clean.append(c < ' ' || c > '~' ? '?' : (char) c));
    return clean.toString();
  }

  /** A query parameter, or null. */
  public @Nullable String parameter(String name) {
    var values = parameters.get(name);
    return values == null ? null : values.getFirst();
  }

  /** The media type of the body, lower case, without its parameters; empty when it is not said. */
  public String contentType() {
    var type = headers.get("content-type", "");
    var semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon))
        .strip()
        .toLowerCase(java.util.Locale.ROOT);
  }
}
