package io.millrace.sql.expr;

import io.millrace.sql.run.ExecContext;
import org.jspecify.annotations.Nullable;

/** A compiled scalar expression. Immutable; state of one execution lives in the context's slots. */
@FunctionalInterface
public interface Expr {
  /** Value for a row. */
  @Nullable Object eval(@Nullable Object[] row, ExecContext ctx);

  /** True when the expression, as a condition, holds for the row: null counts as false. */
  default boolean test(@Nullable Object[] row, ExecContext ctx) {
    return Boolean.TRUE.equals(eval(row, ctx));
  }
}
