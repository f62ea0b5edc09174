package io.millrace.engine.internal.runtime;

import io.millrace.engine.module.NativeRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record as modules fold it, live or from the journal. Mutable and reused: a fold must not keep
 * it, nor its array.
 */
public final class FoldRecord implements NativeRecord {
  private static final byte[] EMPTY = new byte[0];

  int depotId;
  int partition;
  long recordOffset;
  long timeMs;
  int typeId;
  int version;
  long position;
  byte[] array = EMPTY;
  int offset;
  int length;
  byte @Nullable [] idempotencyKey;
  @Nullable Cause cause;

  FoldRecord() {}

  /** True when a fold appended it: if it is lost, it comes again. */
  public boolean isEmitted() {
    return cause != null;
  }

  /** Depot the record was appended to. */
  public int depotId() {
    return depotId;
  }

  @Override
  public int partition() {
    return partition;
  }

  /** Offset within the depot partition. */
  public long recordOffset() {
    return recordOffset;
  }

  @Override
  public long timeMs() {
    return timeMs;
  }

  @Override
  public int typeId() {
    return typeId;
  }

  /** Declared version of the type. */
  public int version() {
    return version;
  }

  /** Start position of the record in the journal. */
  @Override
  public long position() {
    return position;
  }

  @Override
  public byte[] array() {
    return array;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }

  /** Idempotency key, or null. */
  public byte @Nullable [] idempotencyKey() {
    return idempotencyKey;
  }

  /** The record whose fold appended this one, or null for a record that came through a door. */
  public @Nullable Cause cause() {
    return cause;
  }
}
