package io.millrace.sql.run;

import io.millrace.engine.table.Column;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import java.util.List;
import java.util.function.Supplier;

/** A small table whose rows are made when it is read; needs no snapshot. */
public final class VirtualTable implements Table {
  private static final long ESTIMATED_ROWS = 100;

  private final String schema;
  private final String name;
  private final List<Column> columns;
  private final Supplier<List<Object[]>> rows;

  /** A table over a row supplier. */
  public VirtualTable(
      String schema, String name, List<Column> columns, Supplier<List<Object[]>> rows) {
    this.schema = schema;
    this.name = name;
    this.columns = List.copyOf(columns);
    this.rows = rows;
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
    return List.of();
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public long rowCount(Snapshot snapshot) {
    return ESTIMATED_ROWS;
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    return scan(request);
  }

  /** Opens a scan without a snapshot. */
  public RowCursor scan(ScanRequest request) {
    var all = rows.get();
    var wanted = request.columns();
    return new RowCursor() {
      private int next;

      @Override
      public int next(Object[][] batch) {
        int count = 0;
        while (count < batch.length && next < all.size()) {
          var row = all.get(next++);
          for (int i = 0; i < wanted.length; i++) {
            batch[count][i] = row[wanted[i]];
          }
          count++;
        }
        return count;
      }

      @Override
      public void close() {}
    };
  }
}
