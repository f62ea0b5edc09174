package io.millrace.sql.exec;

import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows written in the statement. */
public final class ValuesNode extends PlanNode {
  private final List<@Nullable Object[]> rows;

  /** Fixed rows. */
  public ValuesNode(List<@Nullable Object[]> rows, int width) {
    super(width);
    this.rows = List.copyOf(rows);
  }

  @Override
  public String describe() {
    return rows.size() + (rows.size() == 1 ? " row" : " rows") + " of the statement";
  }

  @Override
  protected Operator start(ExecContext ctx) {
    return RowBuffer.replay(rows, 0);
  }
}
