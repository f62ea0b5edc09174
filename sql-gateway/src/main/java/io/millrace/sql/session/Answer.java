package io.millrace.sql.session;

import io.millrace.sql.exec.Batch;
import io.millrace.sql.plan.Planned.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of a statement that has already run: its rows, or only its tag. */
final class Answer implements StatementExecution {
  private final List<OutputColumn> columns;
  private final List<@Nullable Object[]> rows;
  private final String tag;
  private boolean given;

  private Answer(List<OutputColumn> columns, List<@Nullable Object[]> rows, String tag) {
    this.columns = columns;
    this.rows = rows;
    this.tag = tag;
  }

  /** A tag without rows. */
  static Answer done(String tag) {
    return new Answer(List.of(), List.of(), tag);
  }

  /** Rows, in one batch. */
  static Answer rows(List<OutputColumn> columns, List<@Nullable Object[]> rows, String tag) {
    return new Answer(columns, rows, tag);
  }

  @Override
  public List<OutputColumn> columns() {
    return columns;
  }

  @Override
  public @Nullable Batch next() {
    if (given || rows.isEmpty()) {
      return null;
    }
    given = true;
    return new Batch(rows.toArray(new Object[0][]), rows.size());
  }

  @Override
  public String tag(long count) {
    return tag;
  }

  @Override
  public void close() {}
}
