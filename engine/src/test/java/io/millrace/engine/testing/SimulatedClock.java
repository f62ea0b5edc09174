package io.millrace.engine.testing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A wall clock that stands still until the test moves it. */
public final class SimulatedClock implements LongSupplier {
  private static final long START_MS = 1_700_000_000_000L;

  private final AtomicLong nowMs = new AtomicLong(START_MS);

  /** Ms since the epoch. */
  @Override
  public long getAsLong() {
    return nowMs.get();
  }

  /** Lets time pass. */
  public void advance(long ms) {
    nowMs.addAndGet(ms);
  }
}
