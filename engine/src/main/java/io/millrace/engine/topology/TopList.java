package io.millrace.engine.topology;

import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The list behind {@code top}: records of an id and a number, largest first. */
final class TopList {
  private final int size;
  private final String id;
  private final String number;

  TopList(PState into, int size) {
    if (size < 1 || size > 10_000) {
      throw new IllegalArgumentException("top of " + into + " must keep 1..10000, not " + size);
    }
    this.size = size;
    var fields = fields(into.schema());
    if (fields == null || fields.size() != 2) {
      throw new IllegalArgumentException(
          into + " must hold list(record(id, number)) to keep a top, not " + into.schema());
    }
    id = fields.get(0).name();
    number = fields.get(1).name();
  }

  private static @Nullable List<RecordSchema.Field> fields(Schema schema) {
    var held = schema instanceof MapSchema map ? map.value() : schema;
    return held instanceof ListSchema list
            && list.element() instanceof RecordSchema record
            && record.type() == null
        ? record.fields()
        : null;
  }

  List<Map<String, Object>> with(@Nullable Object old, @Nullable Object newId, long newNumber) {
    var list = new ArrayList<Map<String, Object>>();
    if (old instanceof List<?> rows) {
      for (var row : rows) {
        var copy = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) row).forEach((name, value) -> copy.put((String) name, value));
        if (!copy.get(id).equals(newId)) {
          list.add(copy);
        }
      }
    }
    var added = new LinkedHashMap<String, Object>();
    added.put(id, java.util.Objects.requireNonNull(newId, "the id of a top entry is null"));
    added.put(number, newNumber);
    var at = 0;
    while (at < list.size() && ((Number) list.get(at).get(number)).longValue() >= newNumber) {
      at++;
    }
    list.add(at, added);
    return list.size() > size ? list.subList(0, size) : list;
  }
}
