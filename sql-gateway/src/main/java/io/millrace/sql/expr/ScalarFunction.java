package io.millrace.sql.expr;

import io.millrace.sql.run.ExecContext;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.jspecify.annotations.Nullable;

/** A function of ours: what Calcite must know to validate it, and its body. */
public final class ScalarFunction extends SqlFunction {
  /** What a function does. */
  @FunctionalInterface
  public interface Body {
    /** Computes the value. */
    @Nullable Object apply(@Nullable Object[] args, ExecContext ctx);
  }

  private final Body body;
  private final boolean strict;
  private final boolean stable;

  /**
   * A function.
   *
   * @param strict null in, null out
   * @param stable the value may depend on the session or the moment, not on arguments alone
   */
  public ScalarFunction(
      String name,
      SqlReturnTypeInference returns,
      int minArgs,
      int maxArgs,
      boolean strict,
      boolean stable,
      Body body) {
    super(
        name.toUpperCase(java.util.Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        returns,
        null,
        OperandTypes.variadic(SqlOperandCountRanges.between(minArgs, maxArgs)),
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.body = body;
    this.strict = strict;
    this.stable = stable;
  }

  /** True when a null argument makes the result null. */
  public boolean strict() {
    return strict;
  }

  /** What it does. */
  public Body body() {
    return body;
  }

  @Override
  public boolean isDynamicFunction() {
    return stable;
  }
}
