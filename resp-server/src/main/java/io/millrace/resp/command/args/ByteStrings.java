package io.millrace.resp.command.args;

import java.util.Arrays;

/** A growing list of byte strings in one array; reused for results that are stored or replied. */
public final class ByteStrings {
  private byte[] bytes = new byte[1024];
  private int[] ends = new int[64];
  private int count;

  /** Creates an empty list. */
  public ByteStrings() {}

  /** Forgets all. */
  public void clear() {
    count = 0;
    if (bytes.length > 1 << 20) {
      bytes = new byte[1024];
      ends = new int[64];
    }
  }

  /** Adds one. */
  public void add(byte[] array, int offset, int length) {
    int start = size();
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(start + length, 2 * bytes.length));
    }
    System.arraycopy(array, offset, bytes, start, length);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = start + length;
  }

  private int size() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /** Number of strings. */
  public int count() {
    return count;
  }

  /** Array that holds them; another one after the next {@link #add}. */
  public byte[] array() {
    return bytes;
  }

  /** Start of string i. */
  public int offset(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** Length of string i. */
  public int length(int i) {
    return ends[i] - offset(i);
  }
}
