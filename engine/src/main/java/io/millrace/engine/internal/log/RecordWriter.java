package io.millrace.engine.internal.log;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the header of a record into its own scratch buffer. The length comes first but is known
 * last, so the header is written behind room for it and the length is put right before it.
 */
@HotPath(benchmark = "JournalBenchmark")
public final class RecordWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** A frame holds a record and at most a buffer more, and its length is an int. */
  private static final long MAX_RECORD = 3L << 29;

  private byte[] bytes = new byte[256];
  private int start;
  private int end;

  /** Upper bound of the bytes {@code draft} and a body of {@code bodyLength} take. */
  public static long bound(RecordDraft draft, int bodyLength) {
    return RecordFormat.MAX_FIXED
        + (long) draft.participants.length * RecordFormat.MAX_INT
        + (draft.key == null ? 0 : draft.keyLength)
        + (draft.trace == null ? 0 : draft.traceLength)
        + bodyLength;
  }

  /** Encodes; the header then stands in {@link #bytes} from {@link #start} to {@link #end}. */
  public void encode(RecordDraft draft, int bodyLength) {
    long bound = bound(draft, 0);
    if (bound + bodyLength > MAX_RECORD) {
      throw new IllegalArgumentException("The record is too large: bytes=" + (bound + bodyLength));
    }
    if (bytes.length < bound) {
      bytes = new byte[(int) bound];
    }
    byte[] b = bytes;
    int at = RecordFormat.MAX_INT;
    b[at++] = (byte) presence(draft);
    at = putVarint(b, at, draft.depot & 0xffff_ffffL);
    at = putVarint(b, at, draft.partition & 0xffff_ffffL);
    at = putVarint(b, at, draft.offset);
    at = putVarint(b, at, draft.timeMs);
    at = putVarint(b, at, draft.type & 0xffff_ffffL);
    at = putVarint(b, at, draft.version & 0xffff_ffffL);
    at = putOptional(draft, b, at);
    long length = (at - RecordFormat.MAX_INT) + (long) bodyLength;
    int from = RecordFormat.MAX_INT - RecordFormat.sizeOf(length);
    putVarint(b, from, length);
    start = from;
    end = at;
  }

  private static int presence(RecordDraft draft) {
    int bits = 0;
    if (draft.flags != 0) {
      bits |= RecordFormat.HAS_FLAGS;
    }
    if (draft.participants == Execution.ALL_TASKS) {
      bits |= RecordFormat.ALL_TASKS;
    } else if (draft.participants.length > 0) {
      bits |= RecordFormat.HAS_PARTICIPANTS;
    }
    if (draft.hasCause) {
      bits |= RecordFormat.HAS_CAUSE;
    }
    if (draft.hasSeed) {
      bits |= RecordFormat.HAS_SEED;
    }
    if (draft.key != null) {
      bits |= RecordFormat.HAS_KEY;
    }
    if (draft.trace != null) {
      bits |= RecordFormat.HAS_TRACE;
    }
    return bits;
  }

  private static int putOptional(RecordDraft draft, byte[] b, int from) {
    int at = from;
    if (draft.flags != 0) {
      b[at++] = (byte) draft.flags;
    }
    int[] tasks = draft.participants;
    if (tasks.length > 0 && tasks != Execution.ALL_TASKS) {
      at = putVarint(b, at, tasks.length);
      for (int task : tasks) {
        at = putVarint(b, at, task & 0xffff_ffffL);
      }
    }
    if (draft.hasCause) {
      at = putVarint(b, at, draft.causeTask & 0xffff_ffffL);
      at = putVarint(b, at, draft.causeDepot & 0xffff_ffffL);
      at = putVarint(b, at, draft.causeOffset);
      at = putVarint(b, at, draft.causeOrdinal & 0xffff_ffffL);
    }
    if (draft.hasSeed) {
      LONG.set(b, at, draft.seed);
      at += 8;
    }
    at = putBytes(b, at, draft.key, draft.keyOffset, draft.keyLength);
    return putBytes(b, at, draft.trace, draft.traceOffset, draft.traceLength);
  }

  private static int putBytes(byte[] b, int from, byte @Nullable [] source, int off, int len) {
    if (source == null) {
      return from;
    }
    int at = putVarint(b, from, len);
    System.arraycopy(source, off, b, at, len);
    return at + len;
  }

  public static int putVarint(byte[] b, int from, long value) {
    int at = from;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      b[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    b[at++] = (byte) rest;
    return at;
  }

  /** The scratch buffer. */
  public byte[] bytes() {
    return bytes;
  }

  /** First byte of the encoded header. */
  public int start() {
    return start;
  }

  /** One past the last byte of the encoded header; the body follows here. */
  public int end() {
    return end;
  }

  /** Length of the encoded header. */
  public int length() {
    return end - start;
  }
}
