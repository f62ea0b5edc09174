package io.millrace.engine.internal.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.PreparedEvent;
import io.millrace.engine.event.EventField;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.PreparedRows;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A depot as a table: its events in the order of its partitions, and the way in for {@code INSERT}.
 * The columns of a depot with one event type are the components of the event; otherwise {@code
 * event_type} and {@code body}. Where it stands follows: partition, offset, time.
 */
final class DepotTable implements Table {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final ClientDepot<Object> client;
  private final Node node;
  private final int depotId;
  private final int tasks;
  private final List<EventField> fields;
  private final List<Column> columns = new ArrayList<>();

  DepotTable(String name, ClientDepot<Object> client, Node node, int depotId, int tasks) {
    this.name = name;
    this.client = client;
    this.node = node;
    this.depotId = depotId;
    this.tasks = tasks;
    var types = client.depot().types();
    if (types.size() == 1) {
      fields = types.getFirst().shape().fields();
      fields.forEach(f -> columns.add(new Column(f.name(), f.type(), !f.required())));
    } else {
      fields = List.of();
      columns.add(new Column("event_type", ColumnType.TEXT, false));
      columns.add(new Column("body", ColumnType.JSON, false));
    }
    columns.add(new Column("partition_id", ColumnType.INT, true));
    columns.add(new Column("event_offset", ColumnType.LONG, true));
    columns.add(new Column("appended_at", ColumnType.TIMESTAMP, true));
  }

  @Override
  public String schema() {
    return client.depot().module();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public List<Integer> key() {
    return List.of();
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public long rowCount(Snapshot snapshot) {
    return node.run(
            held -> {
              var sum = 0L;
              for (var partition = 0; partition < tasks; partition++) {
                sum += held.nextOffset(depotId, partition);
              }
              return sum;
            })
        .value();
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    return new DepotRows(client.depot(), node, depotId, tasks, request.columns());
  }

  @Override
  public boolean appendable() {
    return !client.depot().isTopologyOnly();
  }

  /** Events that are ready to be appended. */
  private record Events(DepotTable of, List<PreparedEvent> events) implements PreparedRows {
    @Override
    public int size() {
      return events.size();
    }
  }

  @Override
  public PreparedRows prepare(List<Object[]> rows) {
    var events = new ArrayList<PreparedEvent>(rows.size());
    for (var row : rows) {
      events.add(client.prepare(fields.isEmpty() ? typed(row) : event(row), null));
    }
    return new Events(this, events);
  }

  @Override
  public void append(List<? extends PreparedRows> prepared) {
    var events = new ArrayList<PreparedEvent>();
    for (var rows : prepared) {
      if (!(rows instanceof Events(var of, var ready)) || of != this) {
        throw new IllegalArgumentException("these rows were prepared by another table");
      }
      events.addAll(ready);
    }
    client.appendPrepared(events, AppendOptions.folded());
  }

  private Object typed(@Nullable Object[] row) {
    if (row[0] == null || row[1] == null) {
      throw new InvalidEventException(
          "an event of " + client.depot() + " needs event_type and body", "event_type");
    }
    return read(String.valueOf(row[0]), escaped(String.valueOf(row[1])));
  }

  /** Half a surrogate pair has no form in UTF-8; as an escape it is seen, and refused. */
  private static String escaped(String json) {
    var text = new StringBuilder(json);
    for (var i = text.length() - 1; i >= 0; i--) {
      var c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1))) {
          i--;
        } else {
          text.replace(i, i + 1, "\\u%04x".formatted((int) c));
        }
      }
    }
    return text.toString();
  }

  private Object read(@Nullable String type, String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return client.depot().type(type, 0).accept(bytes, 0, bytes.length);
  }

  private Object event(@Nullable Object[] row) {
    var json = JsonNodeFactory.instance.objectNode();
    for (var i = 0; i < fields.size(); i++) {
      put(json, fields.get(i), row[i]);
    }
    try {
      return read(null, escaped(MAPPER.writeValueAsString(json)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(ObjectNode json, EventField field, @Nullable Object value) {
    var name = field.name();
    switch (value) {
      case null -> {}
      case Boolean v -> json.put(name, v);
      case Integer v -> json.put(name, v.longValue());
      case Long v -> json.put(name, v);
      case Double v -> json.put(name, v);
      case byte[] v -> json.put(name, v);
      default -> {
        if (field.type() == ColumnType.JSON) {
          json.putRawValue(name, new RawValue(oneValue(name, value.toString())));
        } else {
          json.put(name, value.toString());
        }
      }
    }
  }

  /** The text of one JSON value, and nothing behind it that would become another member. */
  private static String oneValue(String name, String json) {
    try (var parser = MAPPER.createParser(json)) {
      if (parser.nextToken() == null) {
        throw new InvalidEventException("field '" + name + "' is no JSON value", name);
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new InvalidEventException("field '" + name + "' holds more than one value", name);
      }
      return json;
    } catch (IOException e) {
      throw new InvalidEventException("field '" + name + "' is not valid JSON", name);
    }
  }
}
