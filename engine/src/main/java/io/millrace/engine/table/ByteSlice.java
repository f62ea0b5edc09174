package io.millrace.engine.table;

import io.millrace.engine.state.HotPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A reusable view of bytes: text as UTF-8, or binary. */
@HotPath(benchmark = "PathBenchmark")
public final class ByteSlice {
  private static final byte[] EMPTY = new byte[0];

  /** Array that holds the bytes; never change it. */
  public byte[] array = EMPTY;

  /** Index of the first byte. */
  public int offset;

  /** Number of bytes. */
  public int length;

  /** An empty slice. */
  public ByteSlice() {}

  /** Points to bytes. */
  public void set(byte[] bytes, int from, int count) {
    array = bytes;
    offset = from;
    length = count;
  }

  /** True when the bytes are these. */
  public boolean contentEquals(byte[] other) {
    return length == other.length
        && Arrays.equals(array, offset, offset + length, other, 0, other.length);
  }

  /** Unsigned comparison, which for text is the order by code point. */
  public int compareTo(byte[] other) {
    return Arrays.compareUnsigned(array, offset, offset + length, other, 0, other.length);
  }

  /** Unsigned comparison with another slice. */
  public int compareTo(ByteSlice other) {
    return Arrays.compareUnsigned(
        array, offset, offset + length, other.array, other.offset, other.offset + other.length);
  }

  /** True when the bytes begin with these. */
  public boolean startsWith(byte[] prefix) {
    return length >= prefix.length
        && Arrays.equals(array, offset, offset + prefix.length, prefix, 0, prefix.length);
  }

  /** The bytes as text. */
  public String text() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  /** A copy of the bytes. */
  public byte[] copy() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }
}
