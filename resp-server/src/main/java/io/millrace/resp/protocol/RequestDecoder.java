package io.millrace.resp.protocol;

import io.millrace.engine.state.HotPath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds commands in the bytes a client sent: RESP arrays of bulk strings and inline commands, for
 * both protocol versions. One instance per connection.
 *
 * <p>Nothing is copied and nothing is allocated per argument: a command becomes numbers in a {@link
 * CommandBatch}. A command that is not complete yet is remembered relative to its first byte, so a
 * long one is not read from its start each time more bytes arrive. Memory is never reserved for
 * bytes that were only announced. Errors use Redis's texts; after one the connection is closed.
 */
@HotPath(benchmark = "RespDecoderBenchmark")
public final class RequestDecoder {
  /** More bytes are needed. */
  public static final int INCOMPLETE = 0;

  /** A command was added to the batch. */
  public static final int COMMAND = 1;

  /** The client broke the protocol: answer {@link #error} and close. */
  public static final int PROTOCOL_ERROR = 2;

  /** This is no Redis client (HTTP, TLS): close without a word. */
  public static final int STRANGER = 3;

  /** The command is larger than it may be: {@link #skip} it, when all before it has been run. */
  public static final int TOO_LARGE = 4;

  /** A command that was to be skipped has passed: answer an error and go on. */
  public static final int SKIPPED = 5;

  private static final int EMPTY_LINE = -1;
  private static final int MAX_LINE = 64 * 1024;

  private int consumed;
  private String error = "";

  // A command of which some arguments have been seen.
  private int pendingCount;
  private int pendingDone;
  private int pendingAt;
  private int @Nullable [] pendingWords;

  /** Bytes of the pending command that are known to come, counted from its first. */
  private long pendingBytes;

  // A command whose bytes are dropped: arguments to come, and bytes of the present one.
  private int skippedArguments;
  private long skippedBytes;

  /** Index of the first byte that belongs to no command yet, after {@link #decode}. */
  public int consumed() {
    return consumed;
  }

  /** Forgets an incomplete command: it will be decoded again from its first byte. */
  public void reset() {
    pendingCount = 0;
    pendingWords = null;
    skippedArguments = 0;
    skippedBytes = 0;
  }

  /** True when a command has begun that is not complete yet. */
  public boolean pending() {
    return pendingCount > 0;
  }

  /** Bytes of the pending command as far as they are announced; 0 when there is none. */
  public long announced() {
    return pendingCount > 0 ? pendingBytes : 0;
  }

  /** Bytes of memory that the pending command takes here. */
  public long heldBytes() {
    int[] kept = pendingWords;
    return kept == null ? 0 : 4L * kept.length;
  }

  /**
   * Drops the pending command, which is the first in the input, as its bytes come in.
   *
   * @param first index of its first byte
   * @return first index that has not been looked at
   */
  public int skip(int first) {
    skippedArguments = pendingCount - pendingDone;
    skippedBytes = 0;
    pendingCount = 0;
    pendingWords = null;
    return first + pendingAt;
  }

  /** Text of the protocol error. */
  public String error() {
    return error;
  }

  /**
   * Reads one command.
   *
   * @param from first byte not consumed yet
   * @param to index past the last byte received
   * @return one of the constants of this class
   */
  public int decode(byte[] in, int from, int to, CommandBatch out, DecodeLimits limits) {
    int at = from;
    while (true) {
      consumed = at;
      if (skippedArguments > 0) {
        return skipOn(in, at, to, limits);
      }
      if (pendingCount > 0) {
        return arguments(in, at, to, out, limits);
      }
      if (at >= to) {
        return INCOMPLETE;
      }
      if (in[at] != '*') {
        int result = inline(in, at, to, out);
        if (result != EMPTY_LINE) {
          return result;
        }
        at = consumed;
        continue;
      }
      int line = lineEnd(in, at, to);
      if (line < 0) {
        return to - at > MAX_LINE ? fail("too big mbulk count string") : INCOMPLETE;
      }
      long count = Numbers.parseLength(in, at + 1, line);
      if (count == Numbers.INVALID || count > limits.maxArguments()) {
        boolean stranger = count != Numbers.INVALID && !limits.authenticated();
        return fail(stranger ? "unauthenticated multibulk length" : "invalid multibulk length");
      }
      if (count <= 0) {
        at = line + 2;
        continue;
      }
      pendingCount = (int) count;
      pendingDone = 0;
      pendingAt = line + 2 - at;
      pendingBytes = pendingAt;
    }
  }

  private int skipOn(byte[] in, int from, int to, DecodeLimits limits) {
    int at = from;
    while (skippedArguments > 0) {
      if (skippedBytes == 0) {
        int line = at < to && in[at] != '$' ? -2 : lineEnd(in, at, to);
        if (line == -1 && to - at <= MAX_LINE) {
          return INCOMPLETE;
        }
        long announced = line < 0 ? -1 : Numbers.parseLength(in, at + 1, line);
        if (announced < 0 || announced > limits.maxBulkLength()) {
          return fail("invalid bulk length");
        }
        skippedBytes = announced + 2;
        at = line + 2;
      }
      int now = (int) Math.min(skippedBytes, to - at);
      at += now;
      skippedBytes -= now;
      consumed = at;
      if (skippedBytes > 0) {
        return INCOMPLETE;
      }
      skippedArguments--;
    }
    return SKIPPED;
  }

  private int arguments(byte[] in, int start, int to, CommandBatch out, DecodeLimits limits) {
    int count = pendingCount;
    int done = pendingDone;
    int at = start + pendingAt;
    int base = out.size + CommandBatch.HEADER;
    out.ensure(base + 2 * Math.min(count, 1024));
    if (done > 0) {
      restore(start, out, base, done);
    }
    int[] words = out.words;
    while (done < count) {
      if (at >= to) {
        return suspend(start, at, out, base, done);
      }
      if (in[at] != '$') {
        return fail("expected '$', got '" + (char) (in[at] & 0xFF) + "'");
      }
      int length;
      int data;
      // Nearly all arguments announce one or two digits.
      if (at + 4 <= to && in[at + 2] == '\r' && (length = in[at + 1] - '0') >= 0 && length <= 9) {
        data = at + 4;
      } else {
        int line = lineEnd(in, at, to);
        if (line < 0) {
          return to - at > MAX_LINE
              ? fail("too big bulk count string")
              : suspend(start, at, out, base, done);
        }
        long announced = Numbers.parseLength(in, at + 1, line);
        if (announced < 0 || announced > limits.maxBulkLength()) {
          boolean stranger = announced > 0 && !limits.authenticated();
          return fail(stranger ? "unauthenticated bulk length" : "invalid bulk length");
        }
        length = (int) announced;
        data = line + 2;
        if (data - start + announced > limits.maxBytes()) {
          suspend(start, at, out, base, done);
          return TOO_LARGE;
        }
      }
      if (to - data < length + 2) {
        pendingBytes = data - start + length + 2L;
        return suspend(start, at, out, base, done);
      }
      int word = base + 2 * done;
      if (word + 2 > words.length) {
        out.ensure(word + 2);
        words = out.words;
      }
      words[word] = data;
      words[word + 1] = length;
      done++;
      at = data + length + 2;
    }
    pendingCount = 0;
    pendingWords = null;
    out.commit(start, at, count);
    consumed = at;
    return COMMAND;
  }

  private int suspend(int start, int at, CommandBatch out, int base, int done) {
    int known = pendingDone;
    pendingDone = done;
    pendingAt = at - start;
    if (done > known) {
      int[] kept = pendingWords;
      if (kept == null || kept.length < 2 * done) {
        kept = kept == null ? new int[2 * done] : Arrays.copyOf(kept, 4 * done);
        pendingWords = kept;
      }
      for (int i = 2 * known; i < 2 * done; i += 2) {
        kept[i] = out.words[base + i] - start;
        kept[i + 1] = out.words[base + i + 1];
      }
    }
    return INCOMPLETE;
  }

  private void restore(int start, CommandBatch out, int base, int done) {
    out.ensure(base + 2 * done);
    int[] kept = pendingWords;
    if (kept == null) {
      throw new IllegalStateException("arguments seen but not kept: done=" + done);
    }
    for (int i = 0; i < 2 * done; i += 2) {
      out.words[base + i] = kept[i] + start;
      out.words[base + i + 1] = kept[i + 1];
    }
  }

  private int fail(String text) {
    error = "ERR Protocol error: " + text;
    reset();
    return PROTOCOL_ERROR;
  }

  /** Index of the CR that ends a line, with the byte after it received as well; or -1. */
  private static int lineEnd(byte[] in, int at, int to) {
    int last = Math.min(to - 1, at + MAX_LINE + 1);
    for (int i = at; i < last; i++) {
      if (in[i] == '\r') {
        return i;
      }
    }
    return -1;
  }

  private int inline(byte[] in, int start, int to, CommandBatch out) {
    if (in[start] == 0x16) {
      return STRANGER;
    }
    int end = start;
    int limit = Math.min(to, start + MAX_LINE + 1);
    while (end < limit && in[end] != '\n') {
      end++;
    }
    if (end == limit) {
      return to - start > MAX_LINE ? fail("too big inline request") : INCOMPLETE;
    }
    int stop = end > start && in[end - 1] == '\r' ? end - 1 : end;
    int count = InlineSplitter.split(in, start, stop, out);
    if (count < 0) {
      return fail("unbalanced quotes in request");
    }
    consumed = end + 1;
    if (count == 0) {
      return EMPTY_LINE;
    }
    if (InlineSplitter.looksForeign(in, out, count)) {
      return STRANGER;
    }
    out.commit(start, end + 1, count);
    return COMMAND;
  }
}
