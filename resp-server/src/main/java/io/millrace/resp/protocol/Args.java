package io.millrace.resp.protocol;

import io.millrace.engine.state.HotPath;
import java.nio.charset.StandardCharsets;

/**
 * The arguments of one command: a reused cursor over (offset, length) pairs into the input array.
 * Argument 0 is the command name. Valid during the command only.
 */
@HotPath(benchmark = "RespDecoderBenchmark")
public final class Args {
  private byte[] array = new byte[0];
  private int[] words = new int[0];
  private int base;
  private int count;
  private int rawStart;
  private int rawEnd;

  /** Points this cursor at a command. */
  public void wrap(byte[] array, int[] words, int base, int count, int rawStart, int rawEnd) {
    this.array = array;
    this.words = words;
    this.base = base;
    this.count = count;
    this.rawStart = rawStart;
    this.rawEnd = rawEnd;
  }

  /** Builds a cursor over given arguments; for tests and commands made by the server itself. */
  public static Args of(byte[]... arguments) {
    var args = new Args();
    args.own(arguments);
    return args;
  }

  private void own(byte[][] arguments) {
    var encoded = RequestEncoder.encode(arguments);
    var decoder = new RequestDecoder();
    var batch = new CommandBatch();
    if (decoder.decode(encoded, 0, encoded.length, batch, DecodeLimits.DEFAULT)
        != RequestDecoder.COMMAND) {
      throw new IllegalArgumentException("not a command: " + arguments.length + " arguments");
    }
    batch.read(0, encoded, this);
  }

  /** Number of arguments, the name included. */
  public int count() {
    return count;
  }

  /** Array that holds all arguments. */
  public byte[] array() {
    return array;
  }

  /** Index of the first byte of argument {@code i}. */
  public int offset(int i) {
    return words[base + 2 * i];
  }

  /** Length of argument {@code i}. */
  public int length(int i) {
    return words[base + 2 * i + 1];
  }

  /** Index of the first byte of the command as received. */
  public int rawStart() {
    return rawStart;
  }

  /** Index past the last byte of the command as received. */
  public int rawEnd() {
    return rawEnd;
  }

  /** True when the command was received as a RESP array, so its raw bytes can be replayed. */
  public boolean isArray() {
    return rawEnd > rawStart && array[rawStart] == '*';
  }

  /** Copy of argument {@code i}. */
  public byte[] bytes(int i) {
    var copy = new byte[length(i)];
    System.arraycopy(array, offset(i), copy, 0, copy.length);
    return copy;
  }

  /** Argument {@code i} as text; bytes that are not UTF-8 are replaced. */
  public String text(int i) {
    return new String(array, offset(i), length(i), StandardCharsets.UTF_8);
  }

  /** True when argument {@code i} is valid UTF-8. */
  public boolean isText(int i) {
    return java.util.Arrays.equals(bytes(i), text(i).getBytes(StandardCharsets.UTF_8));
  }

  /** Argument {@code i} as text, one char per byte. */
  public String latin(int i) {
    return new String(array, offset(i), length(i), StandardCharsets.ISO_8859_1);
  }

  /** Argument {@code i} as error texts show it: one char per byte, up to the first zero byte. */
  public String shown(int i) {
    var text = latin(i);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  /** True when argument {@code i} equals an upper-case ASCII word, in any case. */
  public boolean is(int i, String upper) {
    int length = length(i);
    if (length != upper.length()) {
      return false;
    }
    int at = offset(i);
    for (int k = 0; k < length; k++) {
      int b = array[at + k];
      if (b >= 'a' && b <= 'z') {
        b -= 32;
      }
      if (b != upper.charAt(k)) {
        return false;
      }
    }
    return true;
  }

  /** True when two arguments have equal bytes. */
  public boolean same(int i, int j) {
    return java.util.Arrays.equals(
        array, offset(i), offset(i) + length(i), array, offset(j), offset(j) + length(j));
  }

  /**
   * Argument {@code i} as a signed 64-bit number.
   *
   * @throws CommandException with Redis's text when it is not one
   */
  public long integer(int i) {
    return Numbers.parseLong(array, offset(i), length(i));
  }

  /** True when argument {@code i} is a signed 64-bit number in canonical form. */
  public boolean isInteger(int i) {
    return Numbers.isLong(array, offset(i), length(i));
  }

  /**
   * Argument {@code i} as a number between two bounds.
   *
   * @throws CommandException with Redis's text when it is not one
   */
  public int integer(int i, int low, int high) {
    long value = integer(i);
    if (value < low || value > high) {
      throw CommandException.NOT_AN_INTEGER;
    }
    return (int) value;
  }
}
