package io.millrace.sql.session;

import io.millrace.sql.exec.Batch;
import io.millrace.sql.plan.Planned.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one key get has read: one batch, or none. */
final class KeyRead implements StatementExecution {
  private final List<OutputColumn> columns;
  private @Nullable Batch batch;

  KeyRead(List<OutputColumn> columns, @Nullable Batch batch) {
    this.columns = columns;
    this.batch = batch;
  }

  @Override
  public List<OutputColumn> columns() {
    return columns;
  }

  @Override
  public @Nullable Batch next() {
    var only = batch;
    batch = null;
    return only;
  }

  @Override
  public String tag(long count) {
    return count == 1 ? "SELECT 1" : "SELECT " + count;
  }

  @Override
  public void close() {}
}
