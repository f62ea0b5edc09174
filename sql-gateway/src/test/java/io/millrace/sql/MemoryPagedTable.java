package io.millrace.sql;

import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.PageCursor;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.RowReader;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The rows of a table in memory, parted by task and read in pages of a few rows. */
final class MemoryPagedTable implements PagedTable {
  static final int TASKS = 4;
  private static final int PAGE_ROWS = 7;

  private final MemoryTable rows;
  private final String name;
  private final List<List<Object[]>> byTask = new ArrayList<>();
  private long rowsRead;

  MemoryPagedTable(String name, MemoryTable rows) {
    this.name = name;
    this.rows = rows;
    for (int task = 0; task < TASKS; task++) {
      byTask.add(new ArrayList<>());
    }
    for (var row : rows.rows()) {
      byTask.get(taskOf(row[rows.key().getFirst()])).add(row);
    }
  }

  private static int taskOf(Object key) {
    return Math.floorMod(key.hashCode(), TASKS);
  }

  long rowsRead() {
    return rowsRead;
  }

  @Override
  public PageCursor pages(Snapshot snapshot, int task, Object[] keyLow, Object[] keyHigh) {
    var all = byTask.get(task);
    var reader = new Reader();
    return new PageCursor() {
      private int from = -PAGE_ROWS;

      @Override
      public boolean next() {
        from += PAGE_ROWS;
        rowsRead += Math.max(0, Math.min(PAGE_ROWS, all.size() - from));
        return from < all.size();
      }

      @Override
      public int rows() {
        return Math.min(PAGE_ROWS, all.size() - from);
      }

      @Override
      public void at(int row) {
        reader.row = all.get(from + row);
      }

      @Override
      public RowReader row() {
        return reader;
      }

      @Override
      public void close() {}
    };
  }

  private static final class Reader extends RowReader {
    private Object[] row = new Object[0];

    @Override
    public boolean isNull(int column) {
      return row[column] == null;
    }

    @Override
    public long getLong(int column) {
      return ((Number) row[column]).longValue();
    }

    @Override
    public double getDouble(int column) {
      return (Double) row[column];
    }

    @Override
    public boolean getBoolean(int column) {
      return (Boolean) row[column];
    }

    @Override
    public void getBytes(int column, ByteSlice out) {
      var bytes = ((String) row[column]).getBytes(StandardCharsets.UTF_8);
      out.set(bytes, 0, bytes.length);
    }

    @Override
    public Object get(int column) {
      return row[column];
    }
  }

  @Override
  public int task(Snapshot snapshot, Object[] keyLow, Object[] keyHigh) {
    return keyLow != null && keyHigh != null && keyLow[0].equals(keyHigh[0])
        ? taskOf(keyLow[0])
        : -1;
  }

  @Override
  public String schema() {
    return rows.schema();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Column> columns() {
    return rows.columns();
  }

  @Override
  public List<Integer> key() {
    return rows.key();
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public long rowCount(Snapshot snapshot) {
    return rows.rows().size();
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    throw new UnsupportedOperationException("read page by page");
  }
}
