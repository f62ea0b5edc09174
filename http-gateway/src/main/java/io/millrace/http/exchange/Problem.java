package io.millrace.http.exchange;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as {@code application/problem+json}.
 *
 * @param status HTTP status
 * @param code stable upper-case name, the same at every door
 * @param detail what happened
 * @param members more members of the answer
 */
public record Problem(int status, String code, String detail, Map<String, Object> members) {
  /** Makes one without more members. */
  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, Map.of());
  }

  /** The same with one member more. */
  public Problem with(String name, Object value) {
    var more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(status, code, detail, more);
  }

  Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("type", "about:blank");
    json.put("title", code);
    json.put("status", status);
    json.put("detail", detail);
    json.putAll(members);
    return json;
  }
}
