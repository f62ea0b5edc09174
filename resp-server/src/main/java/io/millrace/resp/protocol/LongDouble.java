package io.millrace.resp.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * The arithmetic of INCRBYFLOAT: Redis computes in C's 80-bit long double and prints 17 decimals.
 * Results are the same here on every machine, so the command can be logged as it came.
 */
public final class LongDouble {
  private static final int MANTISSA_BITS = 64;
  private static final int DECIMALS = 17;

  /** Longest text that Redis reads. */
  private static final int MAX_CHARS = 5 * 1024;

  /** Decimal exponents beyond these have no number in C, however many digits there are. */
  private static final int GREATEST_EXPONENT = 4_933;

  private static final int LEAST_EXPONENT = -4_951;

  /** The largest number of 64 bits of mantissa and 15 of exponent. */
  private static final BigDecimal GREATEST =
      new BigDecimal(
          BigInteger.ONE
              .shiftLeft(MANTISSA_BITS)
              .subtract(BigInteger.ONE)
              .shiftLeft(16_384 - MANTISSA_BITS));

  /** Thrown for text that stands for an infinite number. */
  public static final CommandException INFINITE =
      CommandException.error("increment would produce NaN or Infinity");

  private LongDouble() {}

  /**
   * The number a text stands for, rounded as C would.
   *
   * @throws CommandException when it is none; {@link #INFINITE} when it has no end
   */
  public static BigDecimal parse(byte[] in, int offset, int length) {
    var text = new String(in, offset, length, StandardCharsets.ISO_8859_1);
    if (length < MAX_CHARS && isPlain(text)) {
      return plain(text);
    }
    double rough = Numbers.parseDouble(in, offset, length);
    if (Double.isInfinite(rough)) {
      throw INFINITE;
    }
    return new BigDecimal(rough);
  }

  /** Digits, points and exponents; neither a word nor hexadecimal. */
  private static boolean isPlain(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0);
  }

  private static BigDecimal plain(String text) {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException notPlain) {
      throw CommandException.NOT_A_FLOAT;
    }
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long exponent = (long) value.precision() - value.scale();
    if (exponent > GREATEST_EXPONENT || exponent < LEAST_EXPONENT) {
      throw CommandException.NOT_A_FLOAT;
    }
    var rounded = round(value);
    if (rounded.abs().compareTo(GREATEST) > 0) {
      throw CommandException.NOT_A_FLOAT;
    }
    return rounded;
  }

  /**
   * The sum, rounded as C would.
   *
   * @throws CommandException {@link #INFINITE} when it is beyond the largest number
   */
  public static BigDecimal add(BigDecimal one, BigDecimal other) {
    var sum = round(one.add(other));
    if (sum.abs().compareTo(GREATEST) > 0) {
      throw INFINITE;
    }
    return sum;
  }

  /** The text Redis stores and replies. */
  public static String format(BigDecimal value) {
    var text = value.setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return text.signum() == 0 ? "0" : text.toPlainString();
  }

  /** Nearest number with a mantissa of 64 bits; exact decimal form of it. */
  static BigDecimal round(BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    var magnitude = value.abs();
    // Scale by a power of two so that the integer part has more than 64 bits, then round it off.
    int shift = MANTISSA_BITS + 2 - exponent(magnitude);
    var scaled =
        shift >= 0
            ? magnitude.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(shift)))
            : magnitude.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-shift)));
    var whole = scaled.toBigInteger();
    boolean inexact = scaled.compareTo(new BigDecimal(whole)) != 0;
    int extra = whole.bitLength() - MANTISSA_BITS;
    if (extra > 0) {
      var kept = whole.shiftRight(extra);
      var rest = whole.subtract(kept.shiftLeft(extra));
      int side = rest.compareTo(BigInteger.ONE.shiftLeft(extra - 1));
      if (side > 0 || side == 0 && (inexact || kept.testBit(0))) {
        kept = kept.add(BigInteger.ONE);
      }
      whole = kept.shiftLeft(extra);
    }
    var exact = new BigDecimal(whole);
    var power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(shift)));
    var result = shift >= 0 ? exact.divide(power) : exact.multiply(power);
    return value.signum() < 0 ? result.negate() : result;
  }

  private static int exponent(BigDecimal magnitude) {
    var whole = magnitude.toBigInteger();
    if (whole.signum() > 0) {
      return whole.bitLength();
    }
    // Below one: count the bits of its inverse.
    var inverse = BigDecimal.ONE.divide(magnitude, java.math.MathContext.DECIMAL32);
    return 1 - inverse.toBigInteger().bitLength();
  }
}
