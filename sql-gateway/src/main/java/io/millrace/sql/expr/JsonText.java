package io.millrace.sql.expr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.sql.error.SqlProblem;
import org.jspecify.annotations.Nullable;

/** Members of JSON text. */
final class JsonText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonText() {}

  /** Text of a member (or of an element, for a number), null when there is none. */
  static @Nullable String get(String json, String member) {
    try {
      var tree = MAPPER.readTree(json);
      var found =
          tree.isArray() && member.matches("\\d{1,9}")
              ? tree.get(Integer.parseInt(member))
              : tree.get(member);
      if (found == null || found.isNull()) {
        return null;
      }
      return found.isValueNode() ? found.asText() : found.toString();
    } catch (JsonProcessingException notJson) {
      throw SqlProblem.badText("json", json.substring(0, Math.min(40, json.length())));
    }
  }
}
