package io.millrace.sql.exec;

import io.millrace.engine.table.Table;
import io.millrace.sql.run.ExecContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the rows to append; the session appends them when its transaction says so. */
public final class InsertNode extends PlanNode implements Appending {
  private final PlanNode input;
  private final Table table;

  /** An insert of rows as wide as the table. */
  public InsertNode(PlanNode input, Table table) {
    super(input.width());
    this.input = input;
    this.table = table;
  }

  @Override
  public Table table() {
    return table;
  }

  @Override
  public List<PlanNode> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Append to " + table.schema() + "." + table.name();
  }

  @Override
  protected Operator start(ExecContext ctx) {
    return input.open(ctx);
  }

  @Override
  public List<@Nullable Object[]> rows(ExecContext ctx) {
    try (var rows = open(ctx)) {
      return new RowBuffer(width(), ctx).addAll(rows).rows();
    }
  }
}
