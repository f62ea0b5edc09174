package io.millrace.engine.internal.log;

import io.millrace.engine.state.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A record as read: a cursor over bytes that belong to the reader. Valid until the reader moves on;
 * copy what must live longer.
 */
@HotPath(benchmark = "JournalBenchmark")
public final class RecordView {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[0];
  private int start;
  private int end;
  private int at;
  private long position;
  private int presence;
  private int depot;
  private int partition;
  private long offset;
  private long timeMs;
  private int type;
  private int version;
  private int flags;
  private int[] participants = new int[4];
  private int participantCount;
  private int causeTask;
  private int causeDepot;
  private long causeOffset;
  private int causeOrdinal;
  private long seed;
  private int keyOffset;
  private int keyLength;
  private int traceOffset;
  private int traceLength;
  private int bodyOffset;

  /**
   * Places the view on the record that begins at {@code from} and must end at or before {@code
   * limit}.
   *
   * @return the index behind the record
   * @throws IllegalStateException when the bytes are no record
   */
  public int wrap(byte[] bytes, int from, int limit, long position) {
    this.bytes = bytes;
    this.position = position;
    start = from;
    at = from;
    end = limit;
    long length = varint();
    if (length < 7 || length > limit - at) {
      throw malformed("its length does not fit: length=" + length);
    }
    end = at + (int) length;
    presence = bytes[at++];
    if ((presence & ~RecordFormat.KNOWN) != 0) {
      throw malformed("unknown parts: presence=" + presence);
    }
    depot = (int) varint();
    partition = (int) varint();
    offset = varint();
    timeMs = varint();
    type = (int) varint();
    version = (int) varint();
    optional();
    bodyOffset = at;
    return end;
  }

  private void optional() {
    flags = has(RecordFormat.HAS_FLAGS) ? bytes[need(1)] & 0xff : 0;
    participantCount = 0;
    if (has(RecordFormat.HAS_PARTICIPANTS)) {
      readParticipants();
    }
    if (has(RecordFormat.HAS_CAUSE)) {
      causeTask = (int) varint();
      causeDepot = (int) varint();
      causeOffset = varint();
      causeOrdinal = (int) varint();
    }
    if (has(RecordFormat.HAS_SEED)) {
      seed = (long) LONG.get(bytes, need(8));
    }
    if (has(RecordFormat.HAS_KEY)) {
      keyLength = length();
      keyOffset = need(keyLength);
    }
    if (has(RecordFormat.HAS_TRACE)) {
      traceLength = length();
      traceOffset = need(traceLength);
    }
  }

  private void readParticipants() {
    int count = length();
    if (participants.length < count) {
      participants = new int[count];
    }
    for (int i = 0; i < count; i++) {
      participants[i] = (int) varint();
    }
    participantCount = count;
  }

  private boolean has(int bit) {
    return (presence & bit) != 0;
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw malformed("a part is longer than the record: length=" + length);
    }
    return (int) length;
  }

  private int need(int count) {
    int from = at;
    if (count > end - from) {
      throw malformed("it ends too early");
    }
    at = from + count;
    return from;
  }

  private long varint() {
    byte[] b = bytes;
    int i = at;
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (i >= end) {
        throw malformed("it ends inside a number");
      }
      byte x = b[i++];
      value |= (long) (x & 0x7f) << shift;
      if (x >= 0) {
        at = i;
        return value;
      }
    }
    throw malformed("a number is too long");
  }

  private IllegalStateException malformed(String what) {
    return new IllegalStateException(
        "The record cannot be read, " + what + " position=" + position);
  }

  /** Journal position of its first byte. */
  public long position() {
    return position;
  }

  /** Journal position behind it: what a reply about it waits for. */
  public long endPosition() {
    return position + (end - start);
  }

  /** Depot. */
  public int depot() {
    return depot;
  }

  /** Partition, which is also the first task it changes. */
  public int partition() {
    return partition;
  }

  /** Offset in the partition. */
  public long offset() {
    return offset;
  }

  /** Stamp, ms since the epoch. */
  public long timeMs() {
    return timeMs;
  }

  /** Declared type of the body. */
  public int type() {
    return type;
  }

  /** Version of the type. */
  public int version() {
    return version;
  }

  /** Flags of the depot's own meaning. */
  public int flags() {
    return flags;
  }

  /** True when every task takes part. */
  public boolean allTasks() {
    return has(RecordFormat.ALL_TASKS);
  }

  /** Number of further tasks named; 0 also for {@link #allTasks}. */
  public int participantCount() {
    return participantCount;
  }

  /** One of the further tasks. */
  public int participant(int index) {
    if (index >= participantCount) {
      throw new IndexOutOfBoundsException(index);
    }
    return participants[index];
  }

  /** Whether another record caused it. */
  public boolean hasCause() {
    return has(RecordFormat.HAS_CAUSE);
  }

  /** Task of the cause; only with {@link #hasCause}. */
  public int causeTask() {
    return causeTask;
  }

  /** Depot of the cause; only with {@link #hasCause}. */
  public int causeDepot() {
    return causeDepot;
  }

  /** Offset of the cause; only with {@link #hasCause}. */
  public long causeOffset() {
    return causeOffset;
  }

  /** Place among the records of the cause; only with {@link #hasCause}. */
  public int causeOrdinal() {
    return causeOrdinal;
  }

  /** Whether it carries a random seed. */
  public boolean hasSeed() {
    return has(RecordFormat.HAS_SEED);
  }

  /** The seed; only with {@link #hasSeed}. */
  public long seed() {
    return seed;
  }

  /** Whether it carries an idempotency key. */
  public boolean hasKey() {
    return has(RecordFormat.HAS_KEY);
  }

  /** Index of the key in {@link #bytes}; only with {@link #hasKey}. */
  public int keyOffset() {
    return keyOffset;
  }

  /** Length of the key; only with {@link #hasKey}. */
  public int keyLength() {
    return keyLength;
  }

  /** Whether it carries a trace context. */
  public boolean hasTrace() {
    return has(RecordFormat.HAS_TRACE);
  }

  /** Index of the trace context in {@link #bytes}; only with {@link #hasTrace}. */
  public int traceOffset() {
    return traceOffset;
  }

  /** Length of the trace context; only with {@link #hasTrace}. */
  public int traceLength() {
    return traceLength;
  }

  /** The array that holds the record. */
  public byte[] bytes() {
    return bytes;
  }

  /** Index of the first byte of the record, its length included. */
  public int start() {
    return start;
  }

  /** Index behind the record. */
  public int end() {
    return end;
  }

  /** Index of the body in {@link #bytes}. */
  public int bodyOffset() {
    return bodyOffset;
  }

  /** Length of the body. */
  public int bodyLength() {
    return end - bodyOffset;
  }

  /** A copy of the body. */
  public byte[] body() {
    return Arrays.copyOfRange(bytes, bodyOffset, end);
  }
}
