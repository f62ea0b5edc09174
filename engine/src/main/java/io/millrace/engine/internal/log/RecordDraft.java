package io.millrace.engine.internal.log;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * The header of a record about to be appended. One instance is kept by the caller and {@link
 * #reset} for every record, so that appending allocates nothing.
 */
@HotPath(benchmark = "JournalBenchmark")
public final class RecordDraft {
  private static final int[] NO_TASKS = new int[0];

  int depot;
  int partition;
  long offset;
  long timeMs;
  int type;
  int version;
  int flags;
  int[] participants = NO_TASKS;
  boolean hasCause;
  int causeTask;
  int causeDepot;
  long causeOffset;
  int causeOrdinal;
  boolean hasSeed;
  long seed;
  byte @Nullable [] key;
  int keyOffset;
  int keyLength;
  byte @Nullable [] trace;
  int traceOffset;
  int traceLength;

  /** Starts a record; all optional parts are absent. */
  public RecordDraft reset(
      int depot, int partition, long offset, long timeMs, int type, int version) {
    this.depot = depot;
    this.partition = partition;
    this.offset = offset;
    this.timeMs = timeMs;
    this.type = type;
    this.version = version;
    flags = 0;
    participants = NO_TASKS;
    hasCause = false;
    hasSeed = false;
    key = null;
    trace = null;
    return this;
  }

  /** Flags of the depot's own meaning, 0 to 255. */
  public RecordDraft flags(int flags) {
    if ((flags & ~0xff) != 0) {
      throw new IllegalArgumentException("Record flags must fit one byte: flags=" + flags);
    }
    this.flags = flags;
    return this;
  }

  /** Other tasks the record changes, or {@link Execution#ALL_TASKS}; kept by reference. */
  public RecordDraft participants(int[] tasks) {
    participants = tasks;
    return this;
  }

  /** The record during whose fold this one was decided, and its place among that fold's records. */
  public RecordDraft cause(int task, int depot, long offset, int ordinal) {
    hasCause = true;
    causeTask = task;
    causeDepot = depot;
    causeOffset = offset;
    causeOrdinal = ordinal;
    return this;
  }

  /** Random seed the fold must use. */
  public RecordDraft seed(long seed) {
    hasSeed = true;
    this.seed = seed;
    return this;
  }

  /** Idempotency key; kept by reference until the append. */
  public RecordDraft key(byte[] bytes, int off, int len) {
    key = bytes;
    keyOffset = off;
    keyLength = len;
    return this;
  }

  /** Trace context; kept by reference until the append. */
  public RecordDraft trace(byte[] bytes, int off, int len) {
    trace = bytes;
    traceOffset = off;
    traceLength = len;
    return this;
  }
}
