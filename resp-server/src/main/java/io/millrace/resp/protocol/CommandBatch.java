package io.millrace.resp.protocol;

import io.millrace.engine.state.HotPath;
import java.util.Arrays;

/**
 * Decoded commands of one turn as plain numbers: per command its raw byte range, its argument count
 * and one (offset, length) pair per argument, all indexes into the connection's input array. Reused
 * from turn to turn, so decoding allocates nothing.
 */
@HotPath(benchmark = "RespDecoderBenchmark")
public final class CommandBatch {
  /** Words before the argument pairs: start, end, argument count. */
  static final int HEADER = 3;

  int[] words = new int[1024];
  int size;
  private int commands;
  private int last;

  /** Forgets all commands. */
  public void clear() {
    size = 0;
    commands = 0;
    if (words.length > 1 << 20) {
      words = new int[1024];
    }
  }

  /** Number of complete commands. */
  public int commands() {
    return commands;
  }

  /** Index just past the last complete command: where the next one will be stored. */
  public int end() {
    return size;
  }

  /** Index of the newest command. */
  public int last() {
    return last;
  }

  /** Index of the command after the one at {@code index}. */
  public int next(int index) {
    return index + HEADER + 2 * words[index + 2];
  }

  /** First raw byte of a command. */
  public int rawStart(int index) {
    return words[index];
  }

  /** Index past the last raw byte of a command. */
  public int rawEnd(int index) {
    return words[index + 1];
  }

  /** Points {@code args} at a command. */
  public void read(int index, byte[] array, Args args) {
    args.wrap(array, words, index + HEADER, words[index + 2], words[index], words[index + 1]);
  }

  void ensure(int index) {
    if (index > words.length) {
      words = Arrays.copyOf(words, Math.max(index, words.length * 2));
    }
  }

  void commit(int rawStart, int rawEnd, int count) {
    ensure(size + HEADER);
    words[size] = rawStart;
    words[size + 1] = rawEnd;
    words[size + 2] = count;
    last = size;
    size += HEADER + 2 * count;
    commands++;
  }
}
