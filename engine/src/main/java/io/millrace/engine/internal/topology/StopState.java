package io.millrace.engine.internal.topology;

import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.EventType;

/**
 * Why and where a topology has stopped for a partition of a depot; kept as an entry.
 *
 * @param catchingUp false while stopped, true while it folds what it missed
 * @param offset offset of the event whose stage failed
 * @param nextOffset first event it has not begun, or -1 when none was missed yet
 * @param target where catching up ends; what is appended from there on is kept for it
 * @param place operator that threw
 * @param task task the stage ran on
 * @param attempts how often it was tried
 * @param error what it threw
 * @param atMs stamp of the record during whose fold it stopped
 * @param parked number for the next stage that waits for the resume
 */
public record StopState(
    boolean catchingUp,
    long offset,
    long nextOffset,
    long target,
    String place,
    int task,
    int attempts,
    String error,
    long atMs,
    long parked) {
  private static final EventType<StopState> TYPE = EventType.of(StopState.class);

  static StopState decode(byte[] value) {
    return TYPE.decode(value, 0, value.length, EventFormat.BINARY);
  }

  byte[] encode() {
    return TYPE.encode(this, EventFormat.BINARY);
  }

  /** The oldest event that a resume may want to read. */
  long firstNeeded() {
    return nextOffset < 0 ? offset : Math.min(offset, nextOffset);
  }

  StopState missed(long first) {
    return new StopState(
        catchingUp, offset, first, target, place, task, attempts, error, atMs, parked);
  }

  StopState catchingUp(long from, long to) {
    return new StopState(true, offset, from, to, place, task, attempts, error, atMs, parked);
  }

  StopState parkedUpTo(long next) {
    return new StopState(
        catchingUp, offset, nextOffset, target, place, task, attempts, error, atMs, next);
  }
}
