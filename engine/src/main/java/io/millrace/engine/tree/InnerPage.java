package io.millrace.engine.tree;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Inner page of a {@link PageTree}, as functions over its bytes.
 *
 * <p>Layout: type and version (1 byte), child count (u16), one record per child (page number u32,
 * end of its separator relative to the first separator u32, elements below it u64), then the
 * separators. Separator i is not above any key of child i and above every key of child i - 1; that
 * of child 0 is empty and never compared. Positional trees have empty separators only.
 */
@HotPath(benchmark = "PageTreeBenchmark")
final class InnerPage {
  /** First byte of an inner page: format version 1, inner. */
  static final byte TYPE = 0x12;

  static final int HEADER = 3;
  static final int RECORD = 16;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private InnerPage() {}

  static int count(Ref page) {
    return (short) SHORTS.get(page.array, page.offset + 1) & 0xFFFF;
  }

  private static void count(Ref page, int count) {
    SHORTS.set(page.array, page.offset + 1, (short) count);
  }

  static int child(Ref page, int i) {
    return (int) INTS.get(page.array, page.offset + HEADER + RECORD * i);
  }

  static void child(Ref page, int i, int pageNo) {
    INTS.set(page.array, page.offset + HEADER + RECORD * i, pageNo);
  }

  static long below(Ref page, int i) {
    return (long) LONGS.get(page.array, page.offset + HEADER + RECORD * i + 8);
  }

  static void below(Ref page, int i, long elements) {
    LONGS.set(page.array, page.offset + HEADER + RECORD * i + 8, elements);
  }

  /** Elements below children [0, i). */
  static long before(Ref page, int i) {
    return sum(page, 0, i);
  }

  static long sum(Ref page, int from, int to) {
    byte[] a = page.array;
    int at = page.offset + HEADER + RECORD * from + 8;
    long sum = 0;
    for (int i = from; i < to; i++, at += RECORD) {
      sum += (long) LONGS.get(a, at);
    }
    return sum;
  }

  /** Index of separator i's first byte, relative to the first separator. */
  static int separatorStart(Ref page, int i) {
    return i == 0 ? 0 : (int) INTS.get(page.array, page.offset + HEADER + RECORD * (i - 1) + 4);
  }

  static int separatorLength(Ref page, int i) {
    return separatorStart(page, i + 1) - separatorStart(page, i);
  }

  /** Index in the array of separator i's first byte. */
  static int separatorOffset(Ref page, int i) {
    return page.offset + HEADER + RECORD * count(page) + separatorStart(page, i);
  }

  /** The child whose keys include the given key. */
  static int find(Ref page, byte[] key, int offset, int length) {
    byte[] a = page.array;
    int n = count(page);
    int records = page.offset + HEADER;
    int separators = records + RECORD * n;
    int keyEnd = offset + length;
    int low = 1;
    int high = n - 1;
    while (low <= high) {
      int mid = (low + high) >>> 1;
      int record = records + RECORD * mid;
      int from = separators + (int) INTS.get(a, record - RECORD + 4);
      int to = separators + (int) INTS.get(a, record + 4);
      if (Arrays.compareUnsigned(a, from, to, key, offset, keyEnd) <= 0) {
        low = mid + 1;
      } else {
        high = mid - 1;
      }
    }
    return high;
  }

  /** Writes a page with two children; returns its length. */
  static int writeRoot(
      byte[] out,
      int left,
      long leftBelow,
      int right,
      long rightBelow,
      byte[] separator,
      int offset,
      int length) {
    out[0] = TYPE;
    SHORTS.set(out, 1, (short) 2);
    writeRecord(out, HEADER, left, 0, leftBelow);
    writeRecord(out, HEADER + RECORD, right, length, rightBelow);
    System.arraycopy(separator, offset, out, HEADER + 2 * RECORD, length);
    return HEADER + 2 * RECORD + length;
  }

  private static void writeRecord(byte[] a, int at, int pageNo, int separatorEnd, long below) {
    INTS.set(a, at, pageNo);
    INTS.set(a, at + 4, separatorEnd);
    LONGS.set(a, at + 8, below);
  }

  /** Inserts a child before index i (i > 0). */
  static void insert(
      TaskState state,
      Ref page,
      int i,
      int pageNo,
      long below,
      byte[] separator,
      int offset,
      int length) {
    int old = page.length;
    state.resize(page, old + RECORD + length);
    byte[] a = page.array;
    int n = count(page);
    int start = separatorStart(page, i);
    int separators = page.offset + HEADER + RECORD * n;
    int hole = separators + start;
    System.arraycopy(a, hole, a, hole + RECORD + length, page.offset + old - hole);
    int record = page.offset + HEADER + RECORD * i;
    System.arraycopy(a, record, a, record + RECORD, hole - record);
    writeRecord(a, record, pageNo, start + length, below);
    System.arraycopy(separator, offset, a, hole + RECORD, length);
    count(page, n + 1);
    moveSeparators(page, i + 1, n + 1, length);
  }

  /** Removes child i, and child 1's separator too when it becomes the first. */
  static void remove(TaskState state, Ref page, int i) {
    int n = count(page);
    if (i == 0 && n > 1) {
      clearSeparator(state, page, 1);
    }
    state.edit(page);
    byte[] a = page.array;
    int start = separatorStart(page, i);
    int length = separatorLength(page, i);
    int separators = page.offset + HEADER + RECORD * n;
    int end = page.offset + page.length;
    moveSeparators(page, i + 1, n, -length);
    int record = page.offset + HEADER + RECORD * i;
    System.arraycopy(a, record + RECORD, a, record, separators + start - record - RECORD);
    int tail = separators + start + length;
    System.arraycopy(a, tail, a, tail - length - RECORD, end - tail);
    count(page, n - 1);
    state.resize(page, page.length - RECORD - length);
  }

  private static void clearSeparator(TaskState state, Ref page, int i) {
    int length = separatorLength(page, i);
    if (length == 0) {
      return;
    }
    state.edit(page);
    byte[] a = page.array;
    int tail = separatorOffset(page, i) + length;
    System.arraycopy(a, tail, a, tail - length, page.offset + page.length - tail);
    moveSeparators(page, i, count(page), -length);
    state.resize(page, page.length - length);
  }

  private static void moveSeparators(Ref page, int from, int to, int delta) {
    byte[] a = page.array;
    int at = page.offset + HEADER + RECORD * from + 4;
    for (int i = from; i < to; i++, at += RECORD) {
      INTS.set(a, at, (int) INTS.get(a, at) + delta);
    }
  }

  /** Bytes of a page made of children [from, count), the first separator left out. */
  static int tailSize(Ref page, int from) {
    int n = count(page);
    return HEADER + RECORD * (n - from) + separatorStart(page, n) - separatorStart(page, from + 1);
  }

  /** Writes children [from, count) as a page of their own, the first separator left out. */
  static void copyTail(Ref page, int from, byte[] out) {
    int n = count(page);
    int m = n - from;
    int skipped = separatorStart(page, from + 1);
    out[0] = TYPE;
    SHORTS.set(out, 1, (short) m);
    for (int i = 0; i < m; i++) {
      writeRecord(
          out,
          HEADER + RECORD * i,
          child(page, from + i),
          separatorStart(page, from + i + 1) - skipped,
          below(page, from + i));
    }
    int bytes = separatorStart(page, n) - skipped;
    System.arraycopy(page.array, separatorOffset(page, from + 1), out, HEADER + RECORD * m, bytes);
  }

  /** Keeps children [0, n) only. */
  static void truncate(TaskState state, Ref page, int n) {
    state.edit(page);
    int old = count(page);
    int bytes = separatorStart(page, n);
    int separators = page.offset + HEADER + RECORD * old;
    System.arraycopy(page.array, separators, page.array, separators - RECORD * (old - n), bytes);
    count(page, n);
    state.resize(page, HEADER + RECORD * n + bytes);
  }

  /** Appends the children of the right page to the left one; the separator is between them. */
  static void append(
      TaskState state, Ref left, Ref right, byte[] separator, int offset, int length) {
    int n = count(left);
    int m = count(right);
    int leftBytes = separatorStart(left, n);
    int rightBytes = separatorStart(right, m);
    state.resize(left, left.length + RECORD * m + length + rightBytes);
    byte[] a = left.array;
    int separators = left.offset + HEADER + RECORD * n;
    System.arraycopy(a, separators, a, separators + RECORD * m, leftBytes);
    for (int i = 0; i < m; i++) {
      writeRecord(
          a,
          separators + RECORD * i,
          child(right, i),
          leftBytes + length + separatorStart(right, i + 1),
          below(right, i));
    }
    int to = separators + RECORD * m + leftBytes;
    System.arraycopy(separator, offset, a, to, length);
    System.arraycopy(right.array, right.offset + HEADER + RECORD * m, a, to + length, rightBytes);
    count(left, n + m);
  }
}
