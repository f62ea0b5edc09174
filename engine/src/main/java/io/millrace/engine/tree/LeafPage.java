package io.millrace.engine.tree;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reader of one leaf of a {@link PageTree}: {@link #wrap} it around the bytes, then {@link #at}
 * each element. Reused from leaf to leaf by scans.
 *
 * <p>Layout: type and version (1 byte), element count (u16), one u16 per element with its start
 * relative to the first element, then the elements in order without gaps. An element of a keyed
 * tree is the key length (varint), the key, the value; of a positional tree it is the value alone.
 * The end of the last element is the end of the page, so an element larger than 64 KiB needs no
 * wider offsets as long as it is alone in its page. Integers are little-endian. No bytes at all is
 * an empty leaf.
 */
@HotPath(benchmark = "PageTreeBenchmark")
public final class LeafPage {
  /** First byte of a leaf: format version 1, leaf. */
  static final byte TYPE = 0x11;

  /** Bytes before the offsets. */
  static final int HEADER = 3;

  static final int SLOT = 2;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LANES = 0x0001000100010001L;

  /** The bytes; valid for as long as the cursor or visitor that filled this says. */
  public byte[] array = new byte[0];

  /** Start of the key of the current element (0 length in a positional tree). */
  public int keyOffset;

  /** Length of the key of the current element. */
  public int keyLength;

  /** Start of the value of the current element. */
  public int valueOffset;

  /** Length of the value of the current element. */
  public int valueLength;

  private int start;
  private int end;
  private int data;
  private int count;
  private boolean keyed;

  /** Creates a reader of nothing. */
  public LeafPage() {}

  /** Reads the leaf in {@code length} bytes from {@code offset}. */
  public void wrap(byte[] bytes, int offset, int length, boolean withKeys) {
    array = bytes;
    start = offset;
    end = offset + length;
    count = length == 0 ? 0 : count(bytes, offset);
    data = offset + HEADER + SLOT * count;
    keyed = withKeys;
  }

  /** Number of elements. */
  public int count() {
    return count;
  }

  /** Makes element {@code i} current: fills the key and value fields. */
  public void at(int i) {
    byte[] a = array;
    int from = data + slot(a, start, i);
    int to = i + 1 < count ? data + slot(a, start, i + 1) : end;
    if (keyed) {
      int length = a[from++];
      if (length < 0) {
        length &= 0x7F;
        int shift = 7;
        int b;
        do {
          b = a[from++];
          length |= (b & 0x7F) << shift;
          shift += 7;
        } while (b < 0);
      }
      keyOffset = from;
      keyLength = length;
      from += length;
    } else {
      keyOffset = from;
      keyLength = 0;
    }
    valueOffset = from;
    valueLength = to - from;
  }

  /** Index of the first element whose key is not below the given one; count when there is none. */
  public int lowerBound(byte[] key, int offset, int length) {
    int at = search(key, offset, length);
    return at < 0 ? ~at : at;
  }

  /** Index of a key, or {@code ~insertionPoint}. */
  int search(byte[] key, int offset, int length) {
    int low = 0;
    int high = count - 1;
    int keyEnd = offset + length;
    while (low <= high) {
      int mid = (low + high) >>> 1;
      at(mid);
      int order =
          Arrays.compareUnsigned(array, keyOffset, keyOffset + keyLength, key, offset, keyEnd);
      if (order < 0) {
        low = mid + 1;
      } else if (order > 0) {
        high = mid - 1;
      } else {
        return mid;
      }
    }
    return ~low;
  }

  static int count(byte[] a, int at) {
    return (short) SHORTS.get(a, at + 1) & 0xFFFF;
  }

  /** Start of element {@code i} relative to the first element; for i = count the data length. */
  private static int slot(byte[] a, int at, int i) {
    return (short) SHORTS.get(a, at + HEADER + SLOT * i) & 0xFFFF;
  }

  /** Start of element {@code i}, or the end of the page for i = count. */
  static int start(byte[] a, int at, int length, int i) {
    int n = count(a, at);
    return i == n ? at + length : at + HEADER + SLOT * n + slot(a, at, i);
  }

  static void writeHeader(byte[] a, int at, int count) {
    a[at] = TYPE;
    SHORTS.set(a, at + 1, (short) count);
  }

  /** Bytes an element takes, its slot not counted. */
  static int elementSize(boolean keyed, int keyLength, int valueLength) {
    return keyed ? varintSize(keyLength) + keyLength + valueLength : valueLength;
  }

  static int varintSize(int value) {
    return value < 0x80
        ? 1
        : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
  }

  static int writeVarint(byte[] a, int at, int value) {
    int left = value;
    int to = at;
    while (left >= 0x80) {
      a[to++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    a[to++] = (byte) left;
    return to;
  }

  /** Inserts an element before index {@code i}; the leaf is the value of the Ref from base on. */
  static void insert(
      TaskState state,
      Ref ref,
      int base,
      int i,
      boolean keyed,
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    int length = ref.length - base;
    int size = elementSize(keyed, keyLength, valueLength);
    int grow = SLOT + size;
    boolean fresh = length == 0;
    if (fresh) {
      length = HEADER;
    }
    state.resize(ref, base + length + grow);
    byte[] a = ref.array;
    int at = ref.offset + base;
    if (fresh) {
      writeHeader(a, at, 0);
    }
    int n = count(a, at);
    int dataStart = at + HEADER + SLOT * n;
    int position = start(a, at, length, i);
    System.arraycopy(a, position, a, position + grow, at + length - position);
    int slotAt = at + HEADER + SLOT * i;
    System.arraycopy(a, slotAt, a, slotAt + SLOT, position - slotAt);
    SHORTS.set(a, slotAt, (short) (position - dataStart));
    shift(a, slotAt + SLOT, n - i, size);
    writeHeader(a, at, n + 1);
    int to = position + SLOT;
    if (keyed) {
      to = writeVarint(a, to, keyLength);
      System.arraycopy(key, keyOffset, a, to, keyLength);
      to += keyLength;
    }
    System.arraycopy(value, valueOffset, a, to, valueLength);
  }

  /** Removes elements [from, to). */
  static void remove(TaskState state, Ref ref, int base, int from, int to) {
    state.edit(ref);
    byte[] a = ref.array;
    int at = ref.offset + base;
    int length = ref.length - base;
    int n = count(a, at);
    int first = start(a, at, length, from);
    int next = start(a, at, length, to);
    int slots = SLOT * (to - from);
    shift(a, at + HEADER + SLOT * to, n - to, first - next);
    int slotTo = at + HEADER + SLOT * to;
    System.arraycopy(a, slotTo, a, slotTo - slots, first - slotTo);
    System.arraycopy(a, next, a, first - slots, at + length - next);
    writeHeader(a, at, n - (to - from));
    state.resize(ref, ref.length - slots - (next - first));
  }

  /** Replaces the value bytes of element {@code i}, which start at {@code valueAt} in the leaf. */
  static void setValue(
      TaskState state,
      Ref ref,
      int base,
      int i,
      int valueAt,
      int oldLength,
      byte[] value,
      int offset,
      int length) {
    int delta = length - oldLength;
    int leaf = ref.length - base;
    if (delta > 0) {
      state.resize(ref, ref.length + delta);
    } else {
      state.edit(ref);
    }
    byte[] a = ref.array;
    int at = ref.offset + base;
    if (delta != 0) {
      int n = count(a, at);
      int tail = at + valueAt + oldLength;
      System.arraycopy(a, tail, a, tail + delta, at + leaf - tail);
      shift(a, at + HEADER + SLOT * (i + 1), n - i - 1, delta);
    }
    System.arraycopy(value, offset, a, at + valueAt, length);
    if (delta < 0) {
      state.resize(ref, ref.length + delta);
    }
  }

  /** Bytes of a leaf that holds elements [from, to) of this one. */
  static int partSize(byte[] a, int at, int length, int from, int to) {
    return HEADER + SLOT * (to - from) + start(a, at, length, to) - start(a, at, length, from);
  }

  /** Writes elements [from, to) as a leaf of its own. */
  static void copyPart(byte[] a, int at, int length, int from, int to, byte[] out) {
    int n = to - from;
    int first = start(a, at, length, from);
    int bytes = start(a, at, length, to) - first;
    writeHeader(out, 0, n);
    System.arraycopy(a, at + HEADER + SLOT * from, out, HEADER, SLOT * n);
    if (from > 0 && n > 0) {
      shift(out, HEADER, n, -slot(a, at, from));
    }
    System.arraycopy(a, first, out, HEADER + SLOT * n, bytes);
  }

  /** Appends all elements of the right leaf to the left one. */
  static void append(TaskState state, Ref left, Ref right) {
    int leftLength = left.length;
    int m = count(right.array, right.offset);
    int bytes = right.length - HEADER - SLOT * m;
    state.resize(left, leftLength + SLOT * m + bytes);
    byte[] a = left.array;
    int at = left.offset;
    int n = count(a, at);
    int slots = at + HEADER + SLOT * n;
    int leftBytes = leftLength - HEADER - SLOT * n;
    System.arraycopy(a, slots, a, slots + SLOT * m, leftBytes);
    System.arraycopy(right.array, right.offset + HEADER, a, slots, SLOT * m);
    shift(a, slots, m, leftBytes);
    System.arraycopy(
        right.array, right.offset + HEADER + SLOT * m, a, slots + SLOT * m + leftBytes, bytes);
    writeHeader(a, at, n + m);
  }

  /** Adds delta to u16 slots, four at a time: no slot leaves 0..65535, so no lane carries. */
  private static void shift(byte[] a, int from, int slots, int delta) {
    int at = from;
    int end = from + SLOT * slots;
    long lanes = Math.abs(delta) * LANES;
    if (delta > 0) {
      for (; at + 8 <= end; at += 8) {
        LONGS.set(a, at, (long) LONGS.get(a, at) + lanes);
      }
    } else {
      for (; at + 8 <= end; at += 8) {
        LONGS.set(a, at, (long) LONGS.get(a, at) - lanes);
      }
    }
    for (; at < end; at += SLOT) {
      SHORTS.set(a, at, (short) ((short) SHORTS.get(a, at) + delta));
    }
  }
}
