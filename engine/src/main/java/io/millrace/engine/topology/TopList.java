package io.millrace.engine.topology;

import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  private record Row(Object id, long number) {}

  List<Map<String, Object>> with(@Nullable Object old, @Nullable Object newId, long newNumber) {
    var added = new Row(Objects.requireNonNull(newId, "the id of a top entry is null"), newNumber);
    var rows = new ArrayList<Row>();
    if (old instanceof List<?> before) {
      for (var map : before) {
        var row = row((Map<?, ?>) Objects.requireNonNull(map));
        if (!row.id.equals(added.id)) {
          rows.add(row);
        }
      }
    }
    var at = 0;
    while (at < rows.size() && rows.get(at).number >= newNumber) {
      at++;
    }
    rows.add(at, added);
    return rows.stream()
        .limit(size)
        .map(row -> Map.<String, Object>of(id, row.id, number, row.number))
        .toList();
  }

  private Row row(Map<?, ?> map) {
    var value = (Number) Objects.requireNonNull(map.get(number));
    return new Row(Objects.requireNonNull(map.get(id)), value.longValue());
  }
}
