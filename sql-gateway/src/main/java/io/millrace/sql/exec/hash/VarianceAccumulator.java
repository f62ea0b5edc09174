package io.millrace.sql.exec.hash;

import io.millrace.sql.expr.Arithmetic;
import io.millrace.sql.expr.SqlValues;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Variance and standard deviation of the values added so far. Real numbers go by Welford's method
 * ("Note on a method for calculating corrected sums of squares and products", Technometrics 1962):
 * the difference of two large sums can come out below zero. Exact numbers are summed exactly.
 */
final class VarianceAccumulator {
  private static final MathContext ROOT = new MathContext(40, RoundingMode.HALF_EVEN);
  private static final int ROOT_SCALE = 16;

  private final boolean real;
  private long count;
  private double mean;
  private double squares;
  private BigDecimal sum = BigDecimal.ZERO;
  private BigDecimal sumOfSquares = BigDecimal.ZERO;

  VarianceAccumulator(boolean real) {
    this.real = real;
  }

  void add(Number input) {
    count++;
    if (real) {
      var number = input.doubleValue();
      var off = number - mean;
      mean += off / count;
      squares += off * (number - mean);
    } else {
      var number = SqlValues.decimal(input);
      sum = sum.add(number);
      sumOfSquares = sumOfSquares.add(number.multiply(number));
    }
  }

  /**
   * The variance of all values, or of a sample: null when there are too few.
   *
   * @return a Double or a BigDecimal
   */
  @Nullable Number variance(boolean sample) {
    var divisor = sample ? count - 1 : count;
    if (divisor <= 0) {
      return null;
    }
    if (real) {
      return squares / divisor;
    }
    var all = BigDecimal.valueOf(count);
    var above = all.multiply(sumOfSquares).subtract(sum.multiply(sum));
    return Arithmetic.divide(above, all.multiply(BigDecimal.valueOf(divisor)));
  }

  /** The square root of the variance. */
  @Nullable Number deviation(boolean sample) {
    var variance = variance(sample);
    if (variance instanceof BigDecimal exact) {
      var scale = Math.max(ROOT_SCALE, exact.scale() / 2);
      return exact.sqrt(ROOT).setScale(scale, RoundingMode.HALF_UP);
    }
    return variance == null ? null : (Number) Math.sqrt(variance.doubleValue());
  }
}
