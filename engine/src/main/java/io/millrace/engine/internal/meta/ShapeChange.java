package io.millrace.engine.internal.meta;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether events written in one shape can be read in another. */
final class ShapeChange {
  private ShapeChange() {}

  /**
   * The first thing that makes old events unreadable, as a sentence; null when there is none.
   *
   * @param binary whether fields are found by their place instead of their name
   */
  static @Nullable String difference(JsonNode old, JsonNode now, boolean binary) {
    return difference("", old, now, binary);
  }

  private static @Nullable String difference(
      String field, JsonNode old, JsonNode now, boolean binary) {
    if (old.toString().equals(now.toString())) {
      return null;
    }
    for (var kind : List.of("list", "set", "map")) {
      if (old.has(kind) && now.has(kind)) {
        return difference(field + "[]", old.get(kind), now.get(kind), binary);
      }
    }
    if (old.has("record") && now.has("record")) {
      return record(field, old, now, binary);
    }
    if (old.has("enum") && now.has("enum")) {
      return constants(field, texts(old.get("enum")), texts(now.get("enum")));
    }
    return "field " + field + " is " + old + " and was to become " + now + ".";
  }

  private static @Nullable String constants(String field, List<String> old, List<String> now) {
    for (var constant : old) {
      if (!now.contains(constant)) {
        return "field "
            + field
            + " may hold "
            + constant
            + ", which is no longer one of its values.";
      }
    }
    return null;
  }

  private static @Nullable String record(String field, JsonNode old, JsonNode now, boolean binary) {
    var before = old.get("record");
    var after = now.get("record");
    var couldBeNull = nullable(old);
    var mayBeNull = nullable(now);
    var prefix = field.isEmpty() ? "" : field + ".";
    if (binary && !names(before).equals(names(after))) {
      return "its fields "
          + names(before)
          + " are found by their place (format binary) and were to"
          + " become "
          + names(after)
          + ".";
    }
    for (var entry : before.properties()) {
      var name = entry.getKey();
      if (!after.has(name)) {
        return "field " + prefix + name + " is gone.";
      }
      if (couldBeNull.contains(name) && !mayBeNull.contains(name)) {
        return "field "
            + prefix
            + name
            + " may be null in events that exist, and was to be required.";
      }
      var inside = difference(prefix + name, entry.getValue(), after.get(name), binary);
      if (inside != null) {
        return inside;
      }
    }
    for (var name : names(after)) {
      if (!before.has(name) && !mayBeNull.contains(name)) {
        return "field "
            + prefix
            + name
            + " is new and required, but events that exist do not have"
            + " it; a new field must be @Nullable.";
      }
    }
    return null;
  }

  private static Set<String> nullable(JsonNode record) {
    return new HashSet<>(texts(record.path("nullable")));
  }

  private static List<String> names(JsonNode fields) {
    var names = new ArrayList<String>();
    fields.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
