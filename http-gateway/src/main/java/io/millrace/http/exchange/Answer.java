package io.millrace.http.exchange;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A complete answer.
 *
 * @param status HTTP status
 * @param contentType media type
 * @param body bytes
 * @param headers more headers
 */
public record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
  /** JSON made of maps, lists and scalars. */
  public static Answer json(int status, Map<String, ?> members) {
    return new Answer(status, "application/json", Json.bytes(members), Map.of());
  }

  /** Plain text. */
  public static Answer text(int status, String contentType, String text) {
    return new Answer(status, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** An error. */
  public static Answer problem(Problem problem) {
    var answer =
        new Answer(
            problem.status(), "application/problem+json", Json.bytes(problem.toJson()), Map.of());
    return problem.members().get("allow") instanceof String methods
        ? answer.withHeader("Allow", methods)
        : answer;
  }

  /** The same with a header. */
  public Answer withHeader(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, contentType, body, more);
  }
}
