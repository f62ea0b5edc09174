package io.millrace.resp.protocol;

import io.millrace.engine.state.HotPath;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Numbers as Redis reads and writes them. */
@HotPath(benchmark = "RespDecoderBenchmark")
public final class Numbers {
  /** Result of {@link #parseLength} for text that is no number. */
  public static final long INVALID = Long.MIN_VALUE;

  /** Longest text of a 64-bit number. */
  public static final int MAX_LONG_CHARS = 20;

  private Numbers() {}

  /** Announced count or length between {@code from} and {@code to}, or {@link #INVALID}. */
  static long parseLength(byte[] in, int from, int to) {
    if (!isLong(in, from, to - from)) {
      return INVALID;
    }
    long value = parseLong(in, from, to - from);
    return value < Integer.MIN_VALUE || value > Integer.MAX_VALUE ? INVALID : value;
  }

  /** True for the canonical text of a signed 64-bit number: no sign plus, no leading zero. */
  public static boolean isLong(byte[] in, int offset, int length) {
    if (length == 0 || length > MAX_LONG_CHARS) {
      return false;
    }
    int at = offset;
    int end = offset + length;
    boolean negative = in[at] == '-';
    if (negative && ++at == end) {
      return false;
    }
    if (in[at] == '0') {
      return length == 1;
    }
    if (end - at > 19) {
      return false;
    }
    long value = 0;
    while (at < end) {
      int digit = in[at++] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      value = value * 10 + digit;
    }
    // Nineteen digits fit an unsigned long; a wrapped value shows as a negative one.
    return value >= 0 || negative && value == Long.MIN_VALUE;
  }

  /**
   * Value of the canonical text of a number.
   *
   * @throws CommandException with Redis's text otherwise
   */
  public static long parseLong(byte[] in, int offset, int length) {
    if (!isLong(in, offset, length)) {
      throw CommandException.NOT_AN_INTEGER;
    }
    int at = offset;
    int end = offset + length;
    boolean negative = in[at] == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    while (at < end) {
      value = value * 10 + (in[at++] - '0');
    }
    return negative ? -value : value;
  }

  /** Writes a number as decimal text; returns the index past it. */
  public static int write(long number, byte[] out, int at) {
    if (number == Long.MIN_VALUE) {
      var text = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, out, at, text.length);
      return at + text.length;
    }
    int index = at;
    long rest = number;
    if (rest < 0) {
      out[index++] = '-';
      rest = -rest;
    }
    int digits = digits(rest);
    int end = index + digits;
    for (int i = end - 1; i >= index; i--) {
      long next = rest / 10;
      out[i] = (byte) ('0' + (rest - next * 10));
      rest = next;
    }
    return end;
  }

  /** Number of decimal digits of a number that is not negative. */
  public static int digits(long number) {
    int digits = 1;
    long limit = 10;
    while (digits < 19 && number >= limit) {
      digits++;
      limit *= 10;
    }
    return digits;
  }

  /**
   * Text of a double as Redis 7.0 replies it: 17 significant digits, the shortest of the fixed and
   * the scientific form.
   */
  public static String formatDouble(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e17) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    return general(value);
  }

  /** The form of {@code %.17g}. */
  private static String general(double value) {
    var rounded = new BigDecimal(value).round(new java.math.MathContext(17));
    int exponent = rounded.precision() - rounded.scale() - 1;
    var digits = rounded.unscaledValue().abs().toString();
    digits = digits.replaceFirst("0+$", "");
    var text = new StringBuilder(value < 0 ? "-" : "");
    if (exponent < -4 || exponent >= 17) {
      text.append(digits.charAt(0));
      if (digits.length() > 1) {
        text.append('.').append(digits, 1, digits.length());
      }
      text.append('e').append(exponent < 0 ? '-' : '+');
      int size = Math.abs(exponent);
      return text.append(size < 10 ? "0" : "").append(size).toString();
    }
    return text.append(rounded.abs().stripTrailingZeros().toPlainString()).toString();
  }

  /**
   * A double as Redis reads it: decimal, hexadecimal, {@code inf}; no spaces and no NaN.
   *
   * @throws CommandException when it is none
   */
  public static double parseDouble(byte[] in, int offset, int length) {
    if (length > 255) {
      throw CommandException.NOT_A_FLOAT;
    }
    return parseDoubleOfAnyLength(in, offset, length);
  }

  /**
   * The same of a text of any length.
   *
   * @throws CommandException with Redis's text when it is no number
   */
  public static double parseDoubleOfAnyLength(byte[] in, int offset, int length) {
    var text = new String(in, offset, length, StandardCharsets.ISO_8859_1);
    if (text.isEmpty() || text.charAt(0) <= ' ') {
      throw CommandException.NOT_A_FLOAT;
    }
    var lower = text.toLowerCase(java.util.Locale.ROOT);
    boolean negative = lower.charAt(0) == '-';
    var body = negative || lower.charAt(0) == '+' ? lower.substring(1) : lower;
    if (body.equals("inf") || body.equals("infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (body.startsWith("0x")) {
      body = hexadecimal(body);
    } else if (!isDecimal(body)) {
      throw CommandException.NOT_A_FLOAT;
    }
    try {
      double value = Double.parseDouble(body);
      if (Double.isInfinite(value)) {
        throw CommandException.NOT_A_FLOAT;
      }
      return negative ? -value : value;
    } catch (NumberFormatException notANumber) {
      throw CommandException.NOT_A_FLOAT;
    }
  }

  private static String hexadecimal(String body) {
    for (int i = 2; i < body.length(); i++) {
      char c = body.charAt(i);
      if (Character.digit(c, 16) < 0 && c != '.' && c != 'p' && c != '-' && c != '+') {
        throw CommandException.NOT_A_FLOAT;
      }
    }
    return body.indexOf('p') < 0 ? body + "p0" : body;
  }

  private static boolean isDecimal(String body) {
    if (body.isEmpty()) {
      return false;
    }
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != 'e' && c != '-' && c != '+') {
        return false;
      }
    }
    return true;
  }
}
