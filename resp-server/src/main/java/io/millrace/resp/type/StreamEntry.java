package io.millrace.resp.type;

import io.millrace.engine.tree.Cursor;
import java.util.Arrays;

/**
 * An entry of a stream as it is stored: the strings of its fields and values, one after the other,
 * each behind its length as a varint. Reused from entry to entry.
 */
public final class StreamEntry {
  private static final int LONGEST_VARINT = 5;

  private byte[] array = new byte[256];
  private int length;

  /** Creates an entry without strings. */
  public StreamEntry() {}

  /** Removes all strings. */
  public void clear() {
    length = 0;
  }

  /** Adds a field or a value. */
  public void add(byte[] bytes, int offset, int size) {
    ensure(size + LONGEST_VARINT);
    int left = size;
    while (left >= 0x80) {
      array[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    array[length++] = (byte) left;
    System.arraycopy(bytes, offset, array, length, size);
    length += size;
  }

  private void ensure(int more) {
    if (length + more > array.length) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, length + more));
    }
  }

  /** The array the entry is in, from 0 on; valid until the next change. */
  public byte[] array() {
    return array;
  }

  /** Number of bytes. */
  public int length() {
    return length;
  }

  /** The strings of stored entries, one by one; reused from entry to entry. */
  public static final class Strings {
    private byte[] array = new byte[0];
    private int next;
    private int end;
    private int offset;

    /** Creates a reader of nothing. */
    public Strings() {}

    /** Begins with the entry a cursor is on. */
    public Strings open(Cursor cursor) {
      array = cursor.array();
      next = cursor.valueOffset();
      end = next + cursor.valueLength();
      return this;
    }

    /** Goes to the next string; false when there is none. */
    public boolean next() {
      if (next >= end) {
        return false;
      }
      byte[] a = array;
      int at = next;
      int size = 0;
      int shift = 0;
      int b;
      do {
        b = a[at++];
        size |= (b & 0x7F) << shift;
        shift += 7;
      } while (b < 0);
      offset = at;
      next = at + size;
      return true;
    }

    /** The array the string is in. */
    public byte[] array() {
      return array;
    }

    /** Start of the string. */
    public int offset() {
      return offset;
    }

    /** Length of the string. */
    public int length() {
      return next - offset;
    }
  }
}
