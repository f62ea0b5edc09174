package io.millrace.sql.expr;

import io.millrace.sql.run.ExecContext;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Comparison of two values; null when either is null. */
public record Comparison(SqlKind kind, Expr left, Expr right) implements Expr {
  /** A comparison. */
  public static Expr of(SqlKind kind, Expr left, Expr right) {
    return new Comparison(kind, left, right);
  }

  @Override
  public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
    var a = left.eval(row, ctx);
    if (a == null) {
      return null;
    }
    var b = right.eval(row, ctx);
    return b == null ? null : (Object) holds(a, b);
  }

  @Override
  public boolean test(@Nullable Object[] row, ExecContext ctx) {
    var a = left.eval(row, ctx);
    if (a == null) {
      return false;
    }
    var b = right.eval(row, ctx);
    return b != null && holds(a, b);
  }

  private boolean holds(Object a, Object b) {
    if (kind == SqlKind.EQUALS && a instanceof String x && b instanceof String y) {
      return x.equals(y);
    }
    var order = SqlValues.compare(a, b);
    return switch (kind) {
      case EQUALS -> order == 0;
      case NOT_EQUALS -> order != 0;
      case LESS_THAN -> order < 0;
      case LESS_THAN_OR_EQUAL -> order <= 0;
      case GREATER_THAN -> order > 0;
      default -> order >= 0;
    };
  }
}
