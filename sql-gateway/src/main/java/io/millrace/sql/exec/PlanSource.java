package io.millrace.sql.exec;

import io.millrace.sql.run.ExecContext;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** Rows of one of our nodes for the generated code of a fallback. */
public final class PlanSource {
  private final PlanNode node;

  /** A source over a node. */
  public PlanSource(PlanNode node) {
    this.node = node;
  }

  PlanNode node() {
    return node;
  }

  /** Opens the node; called by generated code. */
  public Enumerable<Object> open(DataContext data) {
    var ctx = (ExecContext) java.util.Objects.requireNonNull(data.get(ExecContext.NAME));
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return new Rows(ctx);
      }
    };
  }

  private final class Rows implements Enumerator<Object> {
    private final ExecContext ctx;
    private Operator rows;
    private @Nullable Batch batch;
    private int at;

    Rows(ExecContext ctx) {
      this.ctx = ctx;
      this.rows = node.open(ctx);
    }

    @Override
    @SuppressWarnings("NullAway") // the generated code takes null cells
    public Object current() {
      var row = java.util.Objects.requireNonNull(batch).rows[at];
      if (node.width() == 1) {
        return theirs(row[0]);
      }
      var copy = new Object[node.width()];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = theirs(row[i]);
      }
      return copy;
    }

    private static @Nullable Object theirs(@Nullable Object value) {
      return value instanceof byte[] bytes ? new ByteString(bytes) : value;
    }

    @Override
    public boolean moveNext() {
      if (batch != null && ++at < batch.count) {
        return true;
      }
      batch = rows.next();
      at = 0;
      return batch != null;
    }

    @Override
    public void reset() {
      rows.close();
      rows = node.open(ctx);
      batch = null;
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
