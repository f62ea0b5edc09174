package io.millrace.engine.tree;

import io.millrace.engine.state.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The descriptor of a {@link PageTree} that has outgrown its owner's value, as functions over its
 * bytes: type and version (1), tree id (8), root page (4), height (1), next page number (4),
 * elements (8), pages (4), number of recyclable page numbers (1) and those numbers (4 each).
 *
 * <p>Recycling keeps a queue, which frees a page at one end for each it fills at the other, from
 * ever using up the page numbers.
 */
@HotPath(benchmark = "PageTreeBenchmark")
final class TreeHead {
  /** First byte of a descriptor: format version 1, head. */
  static final byte TYPE = 0x13;

  private static final int ID = 1;
  private static final int ROOT = 9;
  private static final int HEIGHT = 13;
  private static final int NEXT = 14;
  private static final int COUNT = 18;
  private static final int PAGES = 26;
  private static final int FREE = 30;
  private static final int FREE_LIST = 31;
  private static final int FREE_SLOTS = 8;

  /** Bytes of a descriptor. */
  static final int BYTES = FREE_LIST + 4 * FREE_SLOTS;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private TreeHead() {}

  static void write(byte[] a, int at, long treeId) {
    java.util.Arrays.fill(a, at, at + BYTES, (byte) 0);
    a[at] = TYPE;
    LONGS.set(a, at + ID, treeId);
  }

  static long treeId(byte[] a, int at) {
    return (long) LONGS.get(a, at + ID);
  }

  static void treeId(byte[] a, int at, long id) {
    LONGS.set(a, at + ID, id);
  }

  static int root(byte[] a, int at) {
    return (int) INTS.get(a, at + ROOT);
  }

  static void root(byte[] a, int at, int pageNo) {
    INTS.set(a, at + ROOT, pageNo);
  }

  static int height(byte[] a, int at) {
    return a[at + HEIGHT];
  }

  static void height(byte[] a, int at, int height) {
    a[at + HEIGHT] = (byte) height;
  }

  static long count(byte[] a, int at) {
    return (long) LONGS.get(a, at + COUNT);
  }

  static void count(byte[] a, int at, long count) {
    LONGS.set(a, at + COUNT, count);
  }

  static int pages(byte[] a, int at) {
    return (int) INTS.get(a, at + PAGES);
  }

  /** Takes a page number. */
  static int allocate(byte[] a, int at) {
    INTS.set(a, at + PAGES, pages(a, at) + 1);
    int free = a[at + FREE];
    if (free > 0) {
      a[at + FREE] = (byte) (free - 1);
      return (int) INTS.get(a, at + FREE_LIST + 4 * (free - 1));
    }
    int next = (int) INTS.get(a, at + NEXT);
    if (next == -1) {
      throw new IllegalStateException("page numbers of tree used up: treeId=" + treeId(a, at));
    }
    INTS.set(a, at + NEXT, next + 1);
    return next;
  }

  /** Gives a page number back. */
  static void release(byte[] a, int at, int pageNo) {
    INTS.set(a, at + PAGES, pages(a, at) - 1);
    int free = a[at + FREE];
    if (free < FREE_SLOTS) {
      INTS.set(a, at + FREE_LIST + 4 * free, pageNo);
      a[at + FREE] = (byte) (free + 1);
    }
  }
}
