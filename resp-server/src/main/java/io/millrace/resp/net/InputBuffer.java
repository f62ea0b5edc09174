package io.millrace.resp.net;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.RequestMemory;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Bytes a client sent that are not executed yet, in one array. The array is lent by the lane and
 * goes back when all is executed, so an idle connection holds no memory.
 */
@HotPath(benchmark = "RespDecoderBenchmark")
final class InputBuffer {
  private static final byte[] EMPTY = new byte[0];
  private static final int SPARE = 4 * 1024;
  private static final int MOST_ANYWAY = 256 * 1024;

  private final Pool pool;
  private byte[] array = EMPTY;
  private int start;
  private int end;

  InputBuffer(Pool pool) {
    this.pool = pool;
  }

  byte[] array() {
    return array;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  int size() {
    return end - start;
  }

  /**
   * Adds bytes.
   *
   * @param announced bytes that are known to be needed in all, or 0
   * @return false when there is no memory for them; nothing was added
   */
  boolean add(ByteBuf in, long announced) {
    int more = in.readableBytes();
    if (end + more > array.length && !reserve(more, announced)) {
      return false;
    }
    in.readBytes(array, end, more);
    end += more;
    return true;
  }

  /**
   * Adds bytes although there is no memory for them, as long as they are few: what is complete of
   * them will be executed, and then they are gone.
   *
   * @return false when they are too many
   */
  boolean addAnyway(ByteBuf in) {
    int more = in.readableBytes();
    if (size() + (long) more > MOST_ANYWAY) {
      return false;
    }
    byte[] next = pool.takeAnyway(size() + (long) more);
    int size = size();
    System.arraycopy(array, start, next, 0, size);
    pool.give(array);
    array = next;
    in.readBytes(array, size, more);
    start = 0;
    end = size + more;
    return true;
  }

  private boolean reserve(int more, long announced) {
    int size = end - start;
    if (size + more <= array.length) {
      System.arraycopy(array, start, array, 0, size);
    } else {
      long wanted = size + (long) more;
      long doubled = Math.min(array.length * 2L, 1 << 30);
      // Bytes behind what is announced are seldom many.
      long room = announced > wanted ? Math.min(doubled, announced + SPARE) : doubled;
      byte[] next = pool.take(Math.max(wanted, room));
      if (next == Pool.NONE) {
        return false;
      }
      System.arraycopy(array, start, next, 0, size);
      pool.give(array);
      array = next;
    }
    start = 0;
    end = size;
    return true;
  }

  void consume(int upTo) {
    start = upTo;
    if (start == end) {
      release();
    }
  }

  /** Replaces the bytes in front, up to an index, by others. */
  void replaceFront(int upTo, byte[] bytes, int length) {
    int rest = end - upTo;
    byte[] next = pool.takeAnyway(length + rest);
    System.arraycopy(bytes, 0, next, 0, length);
    System.arraycopy(array, upTo, next, length, rest);
    pool.give(array);
    array = next;
    start = 0;
    end = length + rest;
  }

  void release() {
    pool.give(array);
    array = EMPTY;
    start = 0;
    end = 0;
  }

  /** Arrays of one size, kept by a lane; larger ones are made when needed. All are accounted. */
  static final class Pool {
    /** There is no memory for an array. */
    static final byte[] NONE = new byte[0];

    private static final int SIZE = 16 * 1024;
    private static final int MOST = 1024;
    private static final int SHARE = 32;

    private final RequestMemory memory;
    private final byte[][] free;
    private int count;

    Pool(RequestMemory memory) {
      this.memory = memory;
      free = new byte[(int) Math.clamp(memory.limit() / SHARE / SIZE, 8, MOST)][];
    }

    /** An array of at least a size, or {@link #NONE}. */
    byte[] take(long size) {
      if (size <= SIZE && count > 0) {
        byte[] array = free[--count];
        free[count] = EMPTY;
        return array;
      }
      byte[] made = memory.array(length(size));
      return made == null ? NONE : made;
    }

    /** The same for bytes that are here already, in another form. */
    byte[] takeAnyway(long size) {
      byte[] made = new byte[length(size)];
      memory.takeAnyway(made.length);
      return made;
    }

    private static int length(long size) {
      return (int) Math.clamp(size, SIZE, Integer.MAX_VALUE - 64);
    }

    void give(byte[] array) {
      if (array.length == SIZE && count < free.length) {
        free[count++] = array;
      } else {
        memory.give(array.length);
      }
    }
  }

  @Override
  public String toString() {
    return "input=" + Arrays.toString(Arrays.copyOfRange(array, start, Math.min(end, start + 64)));
  }
}
