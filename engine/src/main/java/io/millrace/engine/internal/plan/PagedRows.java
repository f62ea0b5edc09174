package io.millrace.engine.internal.plan;

import io.millrace.engine.table.PageCursor;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.RowReader;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import org.jspecify.annotations.Nullable;

/** Rows of all tasks, one task after the other, decoded into batches. */
final class PagedRows implements RowCursor {
  private final PagedTable table;
  private final Snapshot snapshot;
  private final ScanRequest request;
  private final int end;
  private int task;
  private final boolean ordered;
  private @Nullable PageCursor pages;
  private int row;
  private int rows;

  PagedRows(PagedTable table, Snapshot snapshot, ScanRequest request) {
    this.table = table;
    this.snapshot = snapshot;
    this.request = request;
    var only = table.task(snapshot, request.keyLow(), request.keyHigh());
    task = Math.max(only, 0);
    end = only < 0 ? snapshot.tasks() : only + 1;
    ordered = end - task <= 1;
  }

  @Override
  public boolean ordered() {
    return ordered;
  }

  @Override
  public int next(Object[][] batch) {
    var filled = 0;
    while (filled < batch.length) {
      var page = page();
      if (page == null) {
        return filled;
      }
      var reader = page.row();
      while (filled < batch.length && row < rows) {
        page.at(row++);
        decode(reader, batch[filled++]);
      }
    }
    return filled;
  }

  /** A cell of a column that is null holds null. */
  @SuppressWarnings("NullAway")
  private void decode(RowReader reader, Object[] cells) {
    for (var i = 0; i < request.columns().length; i++) {
      cells[i] = reader.get(request.columns()[i]);
    }
  }

  /** The page with the next row, or null at the end. */
  private @Nullable PageCursor page() {
    while (true) {
      if (pages != null) {
        if (row < rows) {
          return pages;
        }
        if (pages.next()) {
          row = 0;
          rows = pages.rows();
          return pages;
        }
        pages.close();
        pages = null;
      }
      if (task == end) {
        return null;
      }
      pages = table.pages(snapshot, task++, request.keyLow(), request.keyHigh());
      row = 0;
      rows = 0;
    }
  }

  @Override
  public void close() {
    if (pages != null) {
      pages.close();
      pages = null;
    }
    task = end;
  }
}
