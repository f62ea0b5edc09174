package io.millrace.sql.exec.hash;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.expr.Arithmetic;
import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.run.ExecContext;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Running value of one aggregate in one group. */
final class Accumulator {
  private final AggregateSpec spec;
  private final @Nullable Set<Object> seen;
  private long count;
  private long whole;
  private double real;
  private @Nullable BigDecimal exact;
  private @Nullable Object value;
  private @Nullable StringBuilder text;
  private @Nullable VarianceAccumulator spread;

  Accumulator(AggregateSpec spec) {
    this.spec = spec;
    this.seen = spec.distinct() ? new HashSet<>() : null;
  }

  /** True for {@code count(*)} without a filter. */
  boolean countsRows() {
    return spec.argument() < 0 && spec.filter() < 0;
  }

  void addRows(int rows) {
    count += rows;
  }

  void add(@Nullable Object[] row, ExecContext ctx) {
    if (spec.filter() >= 0 && !Boolean.TRUE.equals(row[spec.filter()])) {
      return;
    }
    if (spec.argument() < 0) {
      count++;
      return;
    }
    var input = row[spec.argument()];
    if (spec.kind() == AggregateSpec.Kind.SINGLE_VALUE) {
      single(input);
      return;
    }
    if (input == null || !first(input, ctx)) {
      return;
    }
    if (spec.kind() == AggregateSpec.Kind.STRING_AGG) {
      count++;
      append(row, input, ctx);
    } else {
      addValue(input);
    }
  }

  /** Adds a value that is there, for the kinds that look at one value only. */
  void addValue(Object input) {
    count++;
    switch (spec.kind()) {
      case COUNT, TRUE -> {}
      case SUM, SUM0, AVG -> sum((Number) input);
      case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> spread().add((Number) input);
      case MIN -> value = value == null || SqlValues.compare(input, value) < 0 ? input : value;
      case MAX -> value = value == null || SqlValues.compare(input, value) > 0 ? input : value;
      case ANY_VALUE -> value = value == null ? input : value;
      case BOOL_AND -> value = !Boolean.FALSE.equals(value) && (Boolean) input;
      case BOOL_OR -> value = Boolean.TRUE.equals(value) || (Boolean) input;
      case STRING_AGG, SINGLE_VALUE -> throw new IllegalStateException();
    }
  }

  /** Adds a whole number to a sum or mean. */
  void addWhole(long number) {
    var next = whole + number;
    if (exact != null || ((whole ^ next) & (number ^ next)) < 0) {
      addValue(number);
      return;
    }
    count++;
    whole = next;
  }

  /** Adds a real number to a sum or mean. */
  void addReal(double number) {
    count++;
    real += number;
  }

  private boolean first(Object input, ExecContext ctx) {
    if (seen == null) {
      return true;
    }
    var added = seen.add(SqlValues.key(input));
    if (added) {
      ctx.reserve(48 + SqlValues.valueBytes(input));
    }
    return added;
  }

  private void single(@Nullable Object input) {
    if (++count > 1) {
      throw new SqlProblem(
          SqlState.CARDINALITY, "more than one row returned by a subquery used as an expression");
    }
    value = input;
  }

  private void append(@Nullable Object[] row, Object input, ExecContext ctx) {
    var joined = text == null ? new StringBuilder() : text;
    if (text != null && spec.second() >= 0 && row[spec.second()] != null) {
      joined.append(row[spec.second()]);
    }
    var length = joined.length();
    joined.append(input);
    ctx.reserve(joined.length() - length);
    text = joined;
  }

  private void sum(Number input) {
    if (input instanceof Double number) {
      real += number;
    } else if (exact == null && !(input instanceof BigDecimal)) {
      var number = input.longValue();
      var next = whole + number;
      if (((whole ^ next) & (number ^ next)) < 0) {
        exact = BigDecimal.valueOf(whole).add(BigDecimal.valueOf(number));
      } else {
        whole = next;
      }
    } else {
      exact = (exact == null ? BigDecimal.valueOf(whole) : exact).add(SqlValues.decimal(input));
    }
  }

  @Nullable Object result() {
    return switch (spec.kind()) {
      case COUNT -> count;
      case TRUE -> Boolean.TRUE;
      case SUM -> count == 0 ? null : total();
      case SUM0 -> total();
      case AVG -> count == 0 ? null : mean();
      case VAR_POP -> spread().variance(false);
      case VAR_SAMP -> spread().variance(true);
      case STDDEV_POP -> spread().deviation(false);
      case STDDEV_SAMP -> spread().deviation(true);
      case STRING_AGG -> text == null ? null : text.toString();
      default -> value;
    };
  }

  private VarianceAccumulator spread() {
    var present = spread;
    if (present == null) {
      present = new VarianceAccumulator(isReal());
      spread = present;
    }
    return present;
  }

  private boolean isReal() {
    return spec.type() == SqlTypeName.DOUBLE
        || spec.type() == SqlTypeName.FLOAT
        || spec.type() == SqlTypeName.REAL;
  }

  private Object total() {
    if (isReal()) {
      return real + (exact == null ? whole : exact.doubleValue());
    }
    if (spec.type() == SqlTypeName.DECIMAL) {
      return exact == null ? BigDecimal.valueOf(whole) : exact;
    }
    if (exact != null) {
      throw new SqlProblem(SqlState.NUMERIC_OUT_OF_RANGE, "bigint out of range");
    }
    return spec.type() == SqlTypeName.INTEGER ? (Object) (int) whole : (Object) whole;
  }

  private Object mean() {
    if (isReal()) {
      return ((Number) total()).doubleValue() / count;
    }
    var sum = exact == null ? BigDecimal.valueOf(whole) : exact;
    return Arithmetic.divide(sum, BigDecimal.valueOf(count));
  }
}
