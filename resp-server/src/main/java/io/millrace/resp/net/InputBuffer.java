package io.millrace.resp.net;

import io.millrace.engine.state.HotPath;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Bytes a client sent that are not executed yet, in one array. The array is lent by the lane and
 * goes back when all is executed, so an idle connection holds no memory.
 */
@HotPath(benchmark = "RespDecoderBenchmark")
final class InputBuffer {
  private static final byte[] EMPTY = new byte[0];

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

  void add(ByteBuf in) {
    int more = in.readableBytes();
    reserve(more);
    in.readBytes(array, end, more);
    end += more;
  }

  private void reserve(int more) {
    if (end + more <= array.length) {
      return;
    }
    int size = end - start;
    if (size + more <= array.length) {
      System.arraycopy(array, start, array, 0, size);
    } else {
      byte[] next = pool.take(Math.max(size + more, Math.min(array.length * 2L, 1 << 30)));
      System.arraycopy(array, start, next, 0, size);
      pool.give(array);
      array = next;
    }
    start = 0;
    end = size;
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
    byte[] next = pool.take(length + rest);
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

  /** Arrays of one size, kept by a lane. */
  static final class Pool {
    private static final int SIZE = 16 * 1024;
    private static final int MOST = 1024;

    private final byte[][] free = new byte[MOST][];
    private int count;

    byte[] take(long size) {
      if (size > SIZE) {
        return new byte[(int) Math.min(size, Integer.MAX_VALUE - 16)];
      }
      if (count == 0) {
        return new byte[SIZE];
      }
      byte[] array = free[--count];
      free[count] = EMPTY;
      return array;
    }

    void give(byte[] array) {
      if (array.length == SIZE && count < MOST) {
        free[count++] = array;
      }
    }
  }

  @Override
  public String toString() {
    return "input=" + Arrays.toString(Arrays.copyOfRange(array, start, Math.min(end, start + 64)));
  }
}
