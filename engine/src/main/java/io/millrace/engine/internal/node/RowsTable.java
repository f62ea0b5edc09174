package io.millrace.engine.internal.node;

import io.millrace.engine.table.Column;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** A small table of the {@code sys} schema whose rows are computed when it is scanned. */
public final class RowsTable implements Table {
  private final String name;
  private final List<Column> columns;
  private final Supplier<List<Object[]>> rows;

  /** Creates the table over a computation of its rows. */
  public RowsTable(String name, List<Column> columns, Supplier<List<Object[]>> rows) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
  }

  @Override
  public String schema() {
    return "sys";
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
    return rows.get().size();
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    Iterator<Object[]> all = rows.get().iterator();
    int[] wanted = request.columns();
    return new RowCursor() {
      @Override
      public int next(Object[][] batch) {
        int filled = 0;
        while (filled < batch.length && all.hasNext()) {
          Object[] row = all.next();
          for (int i = 0; i < wanted.length; i++) {
            batch[filled][i] = row[wanted[i]];
          }
          filled++;
        }
        return filled;
      }

      @Override
      public void close() {}
    };
  }
}
