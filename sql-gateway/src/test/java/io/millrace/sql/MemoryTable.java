package io.millrace.sql;

import io.millrace.engine.table.Column;
import io.millrace.engine.table.PreparedRows;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A table in memory, ordered by its key; appends work when there is no key. */
final class MemoryTable implements Table {
  private final String schema;
  private final String name;
  private final List<Column> columns;
  private final List<Integer> key;
  private final List<Object[]> rows;

  MemoryTable(
      String schema, String name, List<Column> columns, List<Integer> key, List<Object[]> rows) {
    this.schema = schema;
    this.name = name;
    this.columns = columns;
    this.key = key;
    this.rows = new ArrayList<>(rows);
    if (!key.isEmpty()) {
      this.rows.sort(byKey());
    }
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object a, Object b) {
    return ((Comparable<Object>) a).compareTo(b);
  }

  private Comparator<Object[]> byKey() {
    return (a, b) -> {
      for (int column : key) {
        var order = compare(a[column], b[column]);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  List<Object[]> rows() {
    return rows;
  }

  @Override
  public String schema() {
    return schema;
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
    return key;
  }

  @Override
  public boolean ordered() {
    return !key.isEmpty();
  }

  @Override
  public long rowCount(Snapshot snapshot) {
    return rows.size();
  }

  @Override
  public boolean appendable() {
    return key.isEmpty();
  }

  private record Ready(List<Object[]> rows) implements PreparedRows {
    @Override
    public int size() {
      return rows.size();
    }
  }

  @Override
  public PreparedRows prepare(List<Object[]> more) {
    if (!appendable()) {
      throw new UnsupportedOperationException(name + " is derived state");
    }
    for (var row : more) {
      for (int i = 0; i < columns.size(); i++) {
        if (row[i] == null && !columns.get(i).nullable()) {
          throw new IllegalArgumentException("field '" + columns.get(i).name() + "' is missing");
        }
      }
    }
    return new Ready(more);
  }

  @Override
  public void append(List<? extends PreparedRows> prepared) {
    prepared.forEach(ready -> rows.addAll(((Ready) ready).rows()));
  }

  private int seek(Object[] bound, boolean behind) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = 0;
      for (int i = 0; i < bound.length && order == 0; i++) {
        order = compare(rows.get(middle)[key.get(i)], bound[i]);
      }
      if (order < 0 || (behind && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    var low = request.keyLow();
    var high = request.keyHigh();
    var from = low == null ? 0 : seek(low, false);
    var to = high == null ? rows.size() : seek(high, true);
    var wanted = request.columns();
    return new RowCursor() {
      private int next = from;

      @Override
      public int next(Object[][] batch) {
        int count = 0;
        while (count < batch.length && next < to) {
          var source = rows.get(next++);
          var target = batch[count++];
          for (int i = 0; i < wanted.length; i++) {
            target[i] = source[wanted[i]];
          }
        }
        return count;
      }

      @Override
      public boolean ordered() {
        return !key.isEmpty();
      }

      @Override
      public void close() {}
    };
  }
}
